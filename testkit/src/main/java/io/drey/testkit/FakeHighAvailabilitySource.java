package io.drey.testkit;

import io.drey.spi.FactSource;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.HighAvailability;
import java.util.Map;

/** Reads the config maps that {@link FakeFlink} writes, live and on demand. */
final class FakeHighAvailabilitySource implements FactSource<HighAvailability> {
    @Override
    public FactType<HighAvailability> factType() {
        return HighAvailability.TYPE;
    }

    @Override
    public HighAvailability read(ObserveContext context) {
        var metadata = context.resource().metadata();
        return new HighAvailability(context.live(
                "v1",
                "ConfigMap",
                metadata.namespace(),
                Map.of("app", metadata.name(), "configmap-type", "high-availability")));
    }
}
