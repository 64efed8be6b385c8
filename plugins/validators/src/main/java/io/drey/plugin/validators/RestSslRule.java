package io.drey.plugin.validators;

import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.JobState;
import java.util.List;

/**
 * Without plain HTTP a JobManager cannot be polled: a job that runs would never count as ready, and with rollback each
 * upgrade would be rolled back. A violation leaves the running job alone; to suspend it is no launch, and allowed.
 */
final class RestSslRule extends DeploymentRule {
    private static final String REST = "security.ssl.rest.enabled";
    /** Of both sides in older versions of Flink. */
    private static final String ALL = "security.ssl.enabled";

    RestSslRule() {
        super(2100);
    }

    @Override
    List<Violation> check(Candidate candidate) {
        var config = candidate.config();
        var key = config.get(REST).isPresent() ? REST : ALL;
        boolean on = config.get(key)
                .map(String::strip)
                .filter("true"::equalsIgnoreCase)
                .isPresent();
        boolean launches = candidate
                .job()
                .map(JobSpec::state)
                .filter(JobState.SUSPENDED::equals)
                .isEmpty();
        return on && launches
                ? List.of(Violation.of(
                        CONFIG + key,
                        "Found true, must be false: this version reaches Flink's REST API by plain HTTP only",
                        "Set " + REST + ": false, and restrict access to the REST port with a NetworkPolicy."
                                + " security.ssl.internal.enabled may stay"))
                : List.of();
    }
}
