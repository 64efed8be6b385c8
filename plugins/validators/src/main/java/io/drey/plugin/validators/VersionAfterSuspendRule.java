package io.drey.plugin.validators;

import io.drey.spi.resource.FlinkVersion;
import io.drey.spi.resource.JobState;
import io.drey.spi.resource.UpgradeMode;
import java.util.List;
import java.util.Optional;

/** High-availability metadata of one Flink version cannot be read by another. */
final class VersionAfterSuspendRule extends DeploymentRule {
    VersionAfterSuspendRule() {
        super(300);
    }

    @Override
    boolean inPlaceOnly() {
        return true;
    }

    @Override
    List<Violation> check(Candidate candidate) {
        var keptInMetadata = candidate
                .deployed()
                .flatMap(spec -> spec.job())
                .filter(job -> job.state().equals(JobState.SUSPENDED))
                .filter(job -> job.upgradeMode().equals(UpgradeMode.LAST_STATE))
                .isPresent();
        var wantsState = candidate
                .job()
                .filter(job -> !job.upgradeMode().equals(UpgradeMode.STATELESS))
                .isPresent();
        var before = candidate.deployed().flatMap(spec -> spec.flinkVersion());
        var after = candidate.spec().flinkVersion();
        if (!keptInMetadata || !wantsState || before.equals(after)) {
            return List.of();
        }
        return List.of(Violation.of(
                "spec.flinkVersion",
                "The version changes from " + text(before) + " to " + text(after)
                        + " after the job was suspended with last-state, and the state of such a job can be read by the same version only",
                "Resume with " + text(before) + " first and then change the version with upgradeMode savepoint,"
                        + " or set spec.job.upgradeMode to stateless"));
    }

    private static String text(Optional<FlinkVersion> version) {
        return version.map(FlinkVersion::wire).orElse("null");
    }
}
