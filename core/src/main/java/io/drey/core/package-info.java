/** The process that loads plugins and runs the reconcile loop. */
@NullMarked
package io.drey.core;

import org.jspecify.annotations.NullMarked;
