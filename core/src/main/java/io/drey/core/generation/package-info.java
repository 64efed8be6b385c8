/** The set of plugins as one immutable value, and what a resource sees of it. */
@NullMarked
package io.drey.core.generation;

import org.jspecify.annotations.NullMarked;
