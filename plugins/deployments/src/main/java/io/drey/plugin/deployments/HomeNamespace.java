package io.drey.plugin.deployments;

import io.drey.spi.fact.FactType;

/**
 * The namespace of a resource.
 *
 * @param terminating whether it is being deleted: nothing can be created in it any more, and all that is in it goes
 */
record HomeNamespace(boolean terminating) {
    /** This fact. */
    static final FactType<HomeNamespace> TYPE = new FactType<>("home-namespace", HomeNamespace.class);
}
