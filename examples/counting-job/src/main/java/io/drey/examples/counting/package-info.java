/** A Flink job that counts exactly once, and the check of what it has written. */
@NullMarked
package io.drey.examples.counting;

import org.jspecify.annotations.NullMarked;
