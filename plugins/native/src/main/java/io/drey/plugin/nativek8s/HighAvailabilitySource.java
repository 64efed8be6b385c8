package io.drey.plugin.nativek8s;

import io.drey.spi.FactSource;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.HighAvailability;
import java.util.Map;

/** Looks for high-availability metadata, live and on demand only: Flink rewrites it every few seconds. */
final class HighAvailabilitySource implements FactSource<HighAvailability> {
    @Override
    public FactType<HighAvailability> factType() {
        return HighAvailability.TYPE;
    }

    @Override
    public HighAvailability read(ObserveContext context) {
        var cluster = context.resource().metadata();
        // Flink labels them so in standalone mode, too.
        var labels = Map.of("type", "flink-native-kubernetes", "app", cluster.name());
        return new HighAvailability(context.live("v1", "ConfigMap", cluster.namespace(), labels).stream()
                .filter(HighAvailabilityMaps::isOne)
                .toList());
    }
}
