/** Figures of the operator about itself. */
@NullMarked
package io.drey.core.metrics;

import org.jspecify.annotations.NullMarked;
