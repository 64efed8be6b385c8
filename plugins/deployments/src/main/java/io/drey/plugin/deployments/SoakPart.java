package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.plugin.deployments.SoakPart.Soaking;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.operation.Operation;
import io.drey.spi.plugin.PluginMemory;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.ResourceMapper;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Optional;

/** Remembers since when the tasks of a job run whose spec is not known to be stable yet. */
final class SoakPart extends PluginMemory<Soaking> {
    private static final String PLUGIN = "deployments";
    private static final String FIELD = "soak";

    private final Recorded recorded;

    /** @param since epoch milliseconds */
    record Soaking(long since) {}

    @Inject
    SoakPart(ObjectMapper mapper, ResourceMapper resources) {
        super(mapper, PLUGIN, FIELD, Soaking.class);
        this.recorded = new Recorded(resources);
    }

    /** Since when the tasks of the job run; empty when they do not, or its spec is known to be stable. */
    static Optional<Instant> tasksRunSince(FlinkDeploymentStatus status) {
        return Optional.ofNullable(status.plugins().get(PLUGIN))
                .map(memory -> memory.path(FIELD).path("since"))
                .filter(JsonNode::canConvertToLong)
                .map(since -> Instant.ofEpochMilli(since.asLong()));
    }

    @Override
    public Optional<Soaking> reduce(Optional<Soaking> part, Turn turn) {
        var situation = turn.situation();
        if (turn.ended() && turn.before().filter(Operation::launch).isPresent()) {
            return Optional.empty();
        }
        if (!(situation.resource() instanceof FlinkDeployment resource)
                || !Soak.applies(resource.status(), recorded.stable(resource), situation.config())) {
            return part;
        }
        var job = Jobs.listed(situation, resource.status());
        if (job.isEmpty()) {
            return part;
        }
        boolean run = job.get().state().equals("RUNNING") && job.get().tasksRun(situation.deployedConfig());
        return run ? part.or(() -> Optional.of(new Soaking(situation.now().toEpochMilli()))) : Optional.empty();
    }
}
