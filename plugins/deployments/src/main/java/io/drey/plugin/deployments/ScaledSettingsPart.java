package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plugin.PluginMemory;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.ResourceMapper;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * Remembers what the resource itself said where the recorded spec has an autoscaler's settings: another value there is an
 * edit of the user's, which counts.
 */
final class ScaledSettingsPart extends PluginMemory<ScaledSettings> {
    private final Recorded recorded;

    @Inject
    ScaledSettingsPart(ObjectMapper mapper, ResourceMapper resources) {
        super(mapper, "deployments", "scaled", ScaledSettings.class);
        this.recorded = new Recorded(resources);
    }

    /** What the resource said when its spec was recorded; empty when it was edited before anybody looked. */
    Optional<ScaledSettings> edited(FlinkDeployment resource) {
        return of(resource)
                .or(() -> current(resource) ? Optional.of(ScaledSettings.of(resource.spec())) : Optional.empty());
    }

    /** Whether the resource has the spec that is recorded. */
    private static boolean current(FlinkDeployment resource) {
        return resource.status()
                .observedGeneration()
                .equals(Optional.of(resource.metadata().generation()));
    }

    /** Whether parallelism that the resource says no more would be taken for the autoscaler's. */
    private static boolean mayBeKept(ScaledSettings launched, Turn turn) {
        return !launched.parallelism().isEmpty()
                && ScaledSpec.enabled(turn.situation().config()).orElse(true);
    }

    @Override
    public Optional<ScaledSettings> reduce(Optional<ScaledSettings> part, Turn turn) {
        if (!(turn.situation().resource() instanceof FlinkDeployment resource)) {
            return part;
        }
        var own = ScaledSettings.of(resource.spec());
        var launched = recorded.last(resource).map(last -> ScaledSettings.of(last.spec()));
        if (launched.isEmpty() || launched.get().equals(own) && !mayBeKept(launched.get(), turn)) {
            return Optional.empty();
        }
        boolean carriedOut = turn.ended()
                && turn.before()
                        .filter(operation -> operation.target() == Target.CURRENT
                                && operation.generation() == resource.metadata().generation())
                        .isPresent();
        return carriedOut || part.isEmpty() && current(resource) ? Optional.of(own) : part;
    }
}
