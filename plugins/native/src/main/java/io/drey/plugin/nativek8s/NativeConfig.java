package io.drey.plugin.nativek8s;

import io.drey.spi.Decorator;
import io.drey.spi.Situation;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.DeploymentMode;
import io.drey.spi.resource.FlinkVersion;
import io.drey.spi.resource.JobSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What tells Flink to ask Kubernetes for TaskManagers itself, and which application to run. */
final class NativeConfig implements Decorator<FlinkConfig> {
    @Override
    public Phase<FlinkConfig> phase() {
        return Phase.CONFIG;
    }

    @Override
    public Set<String> kinds() {
        return Set.of("FlinkDeployment");
    }

    @Override
    public FlinkConfig decorate(FlinkConfig value, Situation situation) {
        var spec = Targets.of(situation).spec();
        if (!spec.modeOrDefault().equals(DeploymentMode.NATIVE)) {
            return value;
        }
        if (spec.job().isEmpty()) {
            return value.with("execution.target", "kubernetes-session");
        }
        var job = spec.job().get();
        var version = Targets.version(spec);
        var config = value.with("execution.target", "kubernetes-application");
        if (job.jarURI().isPresent()) {
            var jar = JobText.whole(job.jarURI().get(), "spec.job.jarURI", version);
            config = config.with("pipeline.jars", ListText.of(List.of(jar), version));
        }
        if (job.entryClass().isPresent()) {
            // No class has a blank at its ends; a folded block of YAML ends in a line break.
            config = config.with(
                    "$internal.application.main",
                    JobText.whole(job.entryClass().get().strip(), "spec.job.entryClass", version));
        }
        return job.args().isEmpty()
                ? config
                : config.with("$internal.application.program-args", ListText.of(arguments(job, version), version));
    }

    private static List<String> arguments(JobSpec job, FlinkVersion version) {
        List<String> arguments = new ArrayList<>();
        for (var argument : job.args()) {
            arguments.add(JobText.whole(argument, "spec.job.args[" + arguments.size() + "]", version));
        }
        return arguments;
    }
}
