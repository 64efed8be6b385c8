package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.FactSource;
import io.drey.spi.fact.FactType;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.FlinkDeployment;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the autoscaler's ConfigMap: on demand, from the cache, and live before its absence counts. */
final class AutoscalerStateSource implements FactSource<AutoscalerState> {
    private static final String PARALLELISM = "/data/parallelismOverrides";
    private static final String MEMORY = "/data/configOverrides";

    @Override
    public FactType<AutoscalerState> factType() {
        return AutoscalerState.TYPE;
    }

    @Override
    public List<Watch> needs() {
        return List.of(
                new Watch("v1", "ConfigMap", Map.of("component", "autoscaler"), "app", FlinkDeployment.TYPE.kind())
                        .reading(PARALLELISM, MEMORY));
    }

    @Override
    public AutoscalerState read(ObserveContext context) {
        var metadata = context.resource().metadata();
        var key = new ObjectKey("v1", "ConfigMap", metadata.namespace(), "autoscaler-" + metadata.name());
        var map = context.cached(key).or(() -> context.live(key));
        return new AutoscalerState(has(map, PARALLELISM), has(map, MEMORY));
    }

    private static boolean has(Optional<JsonNode> map, String pointer) {
        return map.filter(data -> !data.at(pointer).asText().isBlank()).isPresent();
    }
}
