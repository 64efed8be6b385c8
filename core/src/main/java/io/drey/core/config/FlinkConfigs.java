package io.drey.core.config;

import io.drey.spi.ResourceKind.ConfigRequest;
import io.drey.spi.config.FlinkConfig;

/**
 * Builds the configuration that a resource runs under: platform, tenant, namespace, Flink version, resource. Thread-safe.
 */
public interface FlinkConfigs {
    /**
     * The layers in order, the resource's own keys last.
     *
     * @param tenant the layer over the platform's
     */
    FlinkConfig effective(ConfigRequest request, FlinkConfig tenant);

    /** The same for a resource of no tenant. */
    default FlinkConfig effective(ConfigRequest request) {
        return effective(request, FlinkConfig.EMPTY);
    }
}
