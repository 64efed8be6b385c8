package io.drey.plugin.nativek8s;

import io.drey.spi.Decorator;
import io.drey.spi.Decorator.PodTemplates;
import io.drey.spi.Situation;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import java.util.Set;

/** Lets a JobManager count as started when its REST API answers, unless its pod template has a probe of its own. */
final class StartupProbe implements Decorator<PodTemplates> {
    private static final ConfigKey<Boolean> ENABLED = OperatorKeys.STARTUP_PROBE;

    @Override
    public Phase<PodTemplates> phase() {
        return Phase.PODS;
    }

    @Override
    public Set<String> kinds() {
        return Set.of("FlinkDeployment");
    }

    @Override
    public PodTemplates decorate(PodTemplates value, Situation situation) {
        if (!situation.config().get(ENABLED)) {
            return value;
        }
        var jobManager = value.jobManager().deepCopy();
        var container = MainContainer.in(jobManager);
        if (container.hasNonNull("startupProbe")) {
            return value;
        }
        var probe = container.putObject("startupProbe");
        probe.putObject("httpGet").put("path", "/config").put("port", "rest");
        probe.put("periodSeconds", 1).put("failureThreshold", Integer.MAX_VALUE);
        return new PodTemplates(jobManager, value.taskManager());
    }
}
