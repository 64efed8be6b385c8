package io.drey.plugin.recovery;

import io.drey.spi.Gate;
import io.drey.spi.Situation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.FlinkDeploymentSpec;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;

/** A spec that was rolled back does not take the place of what runs again: something about it must change. */
final class RejectedRevisionGate implements Gate {
    private static final Duration AGAIN = Duration.ofMinutes(10);

    private final RejectedRevisionsPart rejected;
    private final Fingerprint fingerprint;

    @Inject
    RejectedRevisionGate(RejectedRevisionsPart rejected, Fingerprint fingerprint) {
        this.rejected = rejected;
        this.fingerprint = fingerprint;
    }

    @Override
    public Optional<Hold> check(Proposal.Start start, Situation situation) {
        boolean replaces = (start.cause() == Cause.CHANGE && start.launch() || start.cause() == Cause.RESCALE)
                && start.target() == Target.CURRENT
                && Run.of(situation).isPresent();
        if (!replaces) {
            return Optional.empty();
        }
        var known = rejected.of(situation.resource());
        return situation
                .admitted()
                .map(admitted -> (FlinkDeploymentSpec) admitted.spec())
                .flatMap(spec -> known.flatMap(revisions -> revisions.find(fingerprint.of(spec))))
                .map(revision -> new Hold(
                        "the spec changes: generation " + revision.generation()
                                + " was the same, and was rolled back at "
                                + revision.at() + ", since it " + revision.why()
                                + ". To try it again, set another spec.restartNonce",
                        AGAIN));
    }
}
