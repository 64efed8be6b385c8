package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.operation.AdmittedMode;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.plugin.PluginMemory;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.JobSpec;
import jakarta.inject.Inject;
import java.util.Optional;

/** Remembers the upgrade mode of the last spec that was admitted. */
final class AdmittedModePart extends PluginMemory<AdmittedMode> {
    @Inject
    AdmittedModePart(ObjectMapper mapper) {
        super(mapper, AdmittedMode.PLUGIN, AdmittedMode.FIELD, AdmittedMode.class);
    }

    @Override
    public Optional<AdmittedMode> reduce(Optional<AdmittedMode> part, Turn turn) {
        return turn.situation().resource() instanceof FlinkDeployment resource && admitted(turn, resource)
                ? resource.spec().job().map(JobSpec::upgradeMode).map(AdmittedMode::new)
                : part;
    }

    /** A rule that failed has refused nothing, and admits nothing either. */
    private static boolean admitted(Turn turn, FlinkDeployment resource) {
        return turn.situation().violations().isEmpty()
                && turn.problem()
                        .filter(problem -> problem.kind() == ErrorKind.INTERNAL)
                        .isEmpty()
                && turn.after()
                        .filter(operation ->
                                operation.generation() != resource.metadata().generation())
                        .isEmpty();
    }
}
