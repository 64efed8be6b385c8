package io.drey.plugin.validators;

import io.drey.spi.config.OperatorKeys;
import io.drey.spi.config.StateDirectories;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.UpgradeMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What keeps state must know where: directories of checkpoints and savepoints. */
final class StateDirectoriesRule extends JobRule {
    private static final String PERIODIC = OperatorKeys.PERIODIC_SAVEPOINT.name();
    private static final String MAX_AGE = OperatorKeys.MAX_CHECKPOINT_AGE.name();

    StateDirectoriesRule() {
        super(900);
    }

    @Override
    List<Violation> check(JobCandidate candidate) {
        var found = new ArrayList<Violation>();
        checkpoints(candidate, candidate.job()).ifPresent(found::add);
        savepoints(candidate, candidate.job()).ifPresent(found::add);
        return found;
    }

    private static Optional<Violation> checkpoints(JobCandidate candidate, JobSpec job) {
        if (job.upgradeMode().equals(UpgradeMode.STATELESS)
                || candidate.firstSet(StateDirectories.CHECKPOINTS).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(Violation.of(
                "spec.job.upgradeMode",
                "Found " + job.upgradeMode() + " without a checkpoint directory, and it needs one",
                "Set state.checkpoints.dir in spec.flinkConfiguration, or spec.job.upgradeMode to stateless"));
    }

    private static Optional<Violation> savepoints(JobCandidate candidate, JobSpec job) {
        if (candidate.firstSet(StateDirectories.SAVEPOINTS).isPresent()) {
            return Optional.empty();
        }
        if (job.upgradeMode().equals(UpgradeMode.SAVEPOINT)) {
            return missing(
                    "spec.job.upgradeMode", "Job could not be upgraded with a savepoint", "choose another upgradeMode");
        }
        if (job.savepointTriggerNonce().isPresent()) {
            return missing(
                    "spec.job.savepointTriggerNonce", "Savepoint could not be manually triggered", "remove the nonce");
        }
        if (candidate.config().get(PERIODIC).isPresent()) {
            return missing(
                    "spec.flinkConfiguration." + PERIODIC, "Periodic savepoints cannot be taken", "remove the key");
        }
        if (candidate.config().get(MAX_AGE).isPresent()) {
            return missing(
                    "spec.flinkConfiguration." + MAX_AGE,
                    "A savepoint cannot take the place of a checkpoint that is too old",
                    "remove the key");
        }
        return Optional.empty();
    }

    private static Optional<Violation> missing(String field, String what, String otherwise) {
        return Optional.of(Violation.of(
                field,
                what + " without a savepoint directory",
                "Set state.savepoints.dir in spec.flinkConfiguration, or " + otherwise));
    }
}
