package io.drey.core.config;

import io.drey.spi.ResourceKind.ConfigRequest;
import io.drey.spi.config.FlinkConfig;

/** Builds the configuration that a resource runs under: platform, namespace, Flink version, resource. Thread-safe. */
public interface FlinkConfigs {
    /** The layers in order, the resource's own keys last. */
    FlinkConfig effective(ConfigRequest request);
}
