/**
 * Extension points: what a plugin may contribute to the pass over a resource.
 *
 * <p>Everything here except {@link io.drey.spi.StepHandler}, {@link io.drey.spi.FactSource} and {@link
 * io.drey.spi.Listener} is a pure function of its arguments: no I/O, no clock, no state. Contributions are singletons,
 * shared by all resources and tenants, and are called from many worker threads at once. A contribution that throws
 * degrades the resource that it was called for and nobody else; see each type for what its failure means. A call that does
 * not return in time is interrupted and given up, and counts as one that threw; a plugin that goes on failing is not
 * called for a while.
 */
@NullMarked
package io.drey.spi;

import org.jspecify.annotations.NullMarked;
