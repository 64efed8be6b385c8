package io.drey.plugin.validators;

import io.drey.spi.resource.DeploymentMode;
import io.drey.spi.resource.JobSpec;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Flink's entry point for applications in native mode takes exactly one jar, unless the job is a Python program. */
final class JobJarRule extends DeploymentRule {
    private static final String PYTHON_DRIVER = "org.apache.flink.client.python.PythonDriver";
    private static final Set<String> PYTHON_ARGS = Set.of("-py", "--python", "-pym", "--pyModule");

    JobJarRule() {
        super(1150);
    }

    @Override
    List<Violation> check(Candidate candidate) {
        var withoutJar = candidate
                .job()
                .filter(job -> candidate.spec().modeOrDefault().equals(DeploymentMode.NATIVE))
                .filter(job -> job.jarURI().filter(uri -> !uri.isBlank()).isEmpty())
                .filter(job -> !isPython(job))
                .isPresent();
        if (!withoutJar || candidate.firstSet(List.of("pipeline.jars")).isPresent()) {
            return List.of();
        }
        return List.of(Violation.of(
                "spec.job.jarURI",
                "There is no jar, and an application in native mode that is not a Python program needs exactly one",
                "Set spec.job.jarURI to the jar in the image, such as local:///opt/flink/usrlib/job.jar"));
    }

    private static boolean isPython(JobSpec job) {
        return job.entryClass().equals(Optional.of(PYTHON_DRIVER))
                || job.args().stream().anyMatch(PYTHON_ARGS::contains);
    }
}
