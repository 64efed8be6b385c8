package io.drey.core.engine;

import io.drey.spi.FactSource.Namesake;
import io.drey.spi.resource.ResourceRef;
import java.util.List;

/** Finds deployed resources of the same kind and name in other namespaces. */
@FunctionalInterface
interface Namesakes {
    /** The namesakes of a resource. */
    List<Namesake> of(ResourceRef ref);
}
