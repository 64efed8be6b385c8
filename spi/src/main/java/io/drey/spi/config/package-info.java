/** Flink configuration as a value, and the keys that are read from it. */
@NullMarked
package io.drey.spi.config;

import org.jspecify.annotations.NullMarked;
