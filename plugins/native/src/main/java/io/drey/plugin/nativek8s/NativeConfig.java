package io.drey.plugin.nativek8s;

import io.drey.spi.Decorator;
import io.drey.spi.Situation;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.DeploymentMode;
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
            config = config.with(
                    "pipeline.jars", ListText.of(List.of(job.jarURI().get()), version));
        }
        if (job.entryClass().isPresent()) {
            config = config.with("$internal.application.main", job.entryClass().get());
        }
        return job.args().isEmpty()
                ? config
                : config.with("$internal.application.program-args", ListText.of(job.args(), version));
    }
}
