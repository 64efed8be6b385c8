package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.config.BadConfig;
import io.drey.spi.config.ParallelismOverrides;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.plan.Rescaling;
import io.drey.spi.plugin.PluginMemory;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Remembers what the job that runs may have been told of its parallelism, until that is recorded or a job launched anew. */
final class RescalesPart extends PluginMemory<Rescales> {
    @Inject
    RescalesPart(ObjectMapper mapper) {
        super(mapper, "deployments", "rescales", Rescales.class);
    }

    /** Whether the spec is one that Flink did not rescale the job to. */
    boolean refused(FlinkDeployment resource) {
        return of(resource)
                .flatMap(Rescales::refused)
                .filter(generation -> generation == resource.metadata().generation())
                .isPresent();
    }

    /** The parallelism that vertices may have of their own, as they run. */
    Map<String, Integer> running(FlinkDeployment resource, FlinkDeploymentSpec deployed) {
        var running = new TreeMap<>(overrides(deployed));
        running.putAll(of(resource).orElse(Rescales.NONE).asked());
        return running;
    }

    /** The parallelism of single vertices in a spec; none where it is malformed. */
    static Map<String, Integer> overrides(FlinkDeploymentSpec spec) {
        try {
            return ParallelismOverrides.of(spec);
        } catch (BadConfig e) {
            return Map.of();
        }
    }

    @Override
    public Optional<Rescales> reduce(Optional<Rescales> part, Turn turn) {
        if (turn.ended()) {
            // What it was told is recorded, or that job is gone.
            return Optional.empty();
        }
        var rescale = turn.before().filter(Operation::inPlace);
        if (rescale.isEmpty()) {
            return part;
        }
        if (turn.after().isEmpty()) {
            return turn.problem()
                            .filter(problem -> problem.code().equals(Rescaling.FAILED))
                            .isPresent()
                    ? Optional.of(
                            part.orElse(Rescales.NONE).withRefused(rescale.get().generation()))
                    : part;
        }
        return tells(turn.after().get())
                ? turn.situation()
                        .target(turn.after().get())
                        .map(target ->
                                part.orElse(Rescales.NONE).withAsked(overrides((FlinkDeploymentSpec) target.spec())))
                        .or(() -> part)
                : part;
    }

    private static boolean tells(Operation operation) {
        return operation.inPlace() && operation.phase() == Phase.LAUNCHING;
    }
}
