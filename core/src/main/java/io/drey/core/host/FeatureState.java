package io.drey.core.host;

/**
 * A feature as it is for a resource, for people.
 *
 * @param feature its name
 * @param plugin that brings it
 * @param stability what users may expect
 * @param on whether it is in force
 * @param decidedBy the layer that says so, as {@code platform} or {@code tenant blue}
 * @param overruled who said otherwise and did not count; empty when nobody did
 */
public record FeatureState(
        String feature, String plugin, String stability, boolean on, String decidedBy, String overruled) {}
