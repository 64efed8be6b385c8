package io.drey.plugin.recovery;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.plugin.recovery.RejectedRevisions.Rejected;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.plugin.PluginMemory;
import io.drey.spi.resource.FlinkDeploymentSpec;
import jakarta.inject.Inject;
import java.util.Optional;

/** Remembers what was rolled back, and why. */
final class RejectedRevisionsPart extends PluginMemory<RejectedRevisions> {
    private final Fingerprint fingerprint;

    @Inject
    RejectedRevisionsPart(ObjectMapper mapper, Fingerprint fingerprint) {
        super(mapper, "recovery", "rejected", RejectedRevisions.class);
        this.fingerprint = fingerprint;
    }

    @Override
    public Optional<RejectedRevisions> reduce(Optional<RejectedRevisions> part, Turn turn) {
        boolean rolledBack = turn.started()
                && turn.after()
                        .map(Operation::cause)
                        .filter(Cause.ROLLBACK::equals)
                        .isPresent();
        if (!rolledBack) {
            return part;
        }
        var situation = turn.situation();
        var run = Run.of(situation);
        var stable = situation.stable().map(resource -> (FlinkDeploymentSpec) resource.spec());
        var trouble = run.flatMap(seen -> stable.flatMap(spec -> Trouble.of(seen, spec)));
        // Without: a rollback that another operator began is gone on with.
        return trouble.map(known -> part.orElse(RejectedRevisions.NONE)
                        .with(new Rejected(
                                fingerprint.of(run.get().spec()),
                                run.get().status().observedGeneration().orElse(0L),
                                situation.now(),
                                known.why())))
                .or(() -> part);
    }
}
