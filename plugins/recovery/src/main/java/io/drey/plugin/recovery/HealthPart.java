package io.drey.plugin.recovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.Situation;
import io.drey.spi.StatusPart;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkDeployment;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** Remembers the health of a job, where the contract has it, from its launch on. */
final class HealthPart implements StatusPart<Optional<ClusterHealth>> {
    private static final String INFO = "clusterInfo";
    private static final String KEY = "ClusterHealthInfo";

    private final ObjectMapper mapper;

    @Inject
    HealthPart(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public List<String> paths() {
        return List.of("/" + INFO + "/" + KEY);
    }

    @Override
    public Optional<ClusterHealth> read(JsonNode status) {
        return parsed(status.path(INFO).path(KEY).asText());
    }

    private Optional<ClusterHealth> parsed(String text) {
        try {
            return text.isBlank() ? Optional.empty() : Optional.of(mapper.readValue(text, ClusterHealth.class));
        } catch (JsonProcessingException e) {
            // Not ours, and not the contract's: health is looked at from the beginning.
            return Optional.empty();
        }
    }

    /** The health of the job now; empty when it is not looked at, or nothing was told yet. */
    Optional<ClusterHealth> now(Situation situation) {
        return now(before(situation.resource()), situation);
    }

    private Optional<ClusterHealth> before(CustomResource resource) {
        return resource instanceof FlinkDeployment deployment
                ? Optional.ofNullable(deployment.status().clusterInfo().get(KEY))
                        .flatMap(this::parsed)
                : Optional.empty();
    }

    private static Optional<ClusterHealth> now(Optional<ClusterHealth> before, Situation situation) {
        var check = HealthCheck.of(situation.deployedConfig());
        return situation
                .facts()
                .find(JobMetrics.TYPE)
                .filter(metrics -> metrics.restarts().isPresent()
                        || metrics.completedCheckpoints().isPresent())
                .map(metrics ->
                        before.map(health -> health.next(metrics, check)).orElseGet(() -> ClusterHealth.first(metrics)))
                .or(() -> before);
    }

    @Override
    public Optional<ClusterHealth> reduce(Optional<ClusterHealth> part, Turn turn) {
        return turn.after().isPresent() || turn.ended() ? Optional.empty() : now(part, turn.situation());
    }

    @Override
    public void write(Optional<ClusterHealth> part, ObjectNode status) {
        if (part.isPresent()) {
            try {
                status.withObject("/" + INFO).put(KEY, mapper.writeValueAsString(part.get()));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        } else if (status.path(INFO) instanceof ObjectNode info) {
            info.remove(KEY);
        }
    }
}
