package io.drey.plugin.validators;

import io.drey.spi.resource.FlinkSessionJob;
import io.drey.spi.resource.FlinkSessionJobSpec;
import java.util.List;
import java.util.Optional;

/** On which cluster a session job runs, and that it is a job. */
final class SessionJobRule extends ContractRule {
    static final String CLUSTER = "spec.deploymentName";

    SessionJobRule() {
        super(100);
    }

    @Override
    List<Violation> violations(AdmissionRequest request) {
        if (!(request.resource() instanceof FlinkSessionJob job)) {
            return List.of();
        }
        var deployed = request.deployed()
                .flatMap(before ->
                        before instanceof FlinkSessionJob other ? Optional.of(other.spec()) : Optional.empty());
        return name(job.spec())
                .or(() -> noJob(job.spec()))
                .or(() -> deployed.flatMap(before -> moved(before, job.spec())))
                .stream()
                .toList();
    }

    private static Optional<Violation> name(FlinkSessionJobSpec spec) {
        var name = spec.deploymentName();
        if (name.filter(text -> NameRule.ALLOWED.matcher(text).matches()).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(Violation.of(
                CLUSTER,
                name.map(text -> "Found '" + text + "', which cannot be the name of a FlinkDeployment")
                        .orElse("It is missing, and must name the cluster that the job runs on"),
                "Set it to the name of a session cluster, a FlinkDeployment without spec.job, in the same namespace"));
    }

    private static Optional<Violation> noJob(FlinkSessionJobSpec spec) {
        return spec.job().isPresent()
                ? Optional.empty()
                : Optional.of(Violation.of(
                        "spec.job",
                        "The job is missing, and must be defined",
                        "Set spec.job, with jarURI, parallelism and upgradeMode"));
    }

    private static Optional<Violation> moved(FlinkSessionJobSpec before, FlinkSessionJobSpec after) {
        if (before.deploymentName().isEmpty() || before.deploymentName().equals(after.deploymentName())) {
            return Optional.empty();
        }
        return Optional.of(Violation.of(
                CLUSTER,
                "Found '" + after.deploymentName().orElse("") + "', and a job that was deployed stays on '"
                        + before.deploymentName().get() + "'",
                "Undo the change, or create another FlinkSessionJob for the other cluster"));
    }
}
