/**
 * What the engine needs of the world, as narrow interfaces. The process implements them with a Kubernetes client and an
 * HTTP client; the test kit with memory. Everything here does I/O, or pretends to.
 */
@NullMarked
package io.drey.core.port;

import org.jspecify.annotations.NullMarked;
