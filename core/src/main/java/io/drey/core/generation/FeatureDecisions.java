package io.drey.core.generation;

import io.drey.spi.resource.ResourceRef;
import java.util.List;

/** Says which features are in force for a resource, and who decided that. Thread-safe. */
@FunctionalInterface
public interface FeatureDecisions {
    /**
     * One feature.
     *
     * @param feature its name
     * @param plugin that brings it
     * @param stability what users may expect
     * @param on whether it is in force
     * @param decidedBy the layer that says so, as {@code platform}
     */
    record Decision(String feature, String plugin, String stability, boolean on, String decidedBy) {}

    /** Those that the current generation has, by name. */
    List<Decision> of(ResourceRef resource);
}
