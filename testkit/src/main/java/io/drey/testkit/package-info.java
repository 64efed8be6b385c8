/**
 * An in-memory cluster and Flink behind the engine's ports, a virtual clock, and crashes on demand: for tests of the
 * engine and of plugins.
 */
@NullMarked
package io.drey.testkit;

import org.jspecify.annotations.NullMarked;
