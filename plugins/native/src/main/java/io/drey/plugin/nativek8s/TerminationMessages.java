package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.Decorator;
import io.drey.spi.Decorator.PodTemplates;
import io.drey.spi.Situation;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import java.util.Set;

/**
 * Lets Kubernetes keep the end of the log of a container of Flink that failed, unless its pod template has a policy of
 * its own. Flink writes no termination message, so that otherwise only the exit code is left.
 */
final class TerminationMessages implements Decorator<PodTemplates> {
    private static final ConfigKey<Boolean> ENABLED = OperatorKeys.TERMINATION_MESSAGES;
    private static final String POLICY = "terminationMessagePolicy";

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
        return situation.config().get(ENABLED)
                ? new PodTemplates(decorate(value.jobManager()), decorate(value.taskManager()))
                : value;
    }

    private static ObjectNode decorate(ObjectNode template) {
        var changed = template.deepCopy();
        var container = MainContainer.in(changed);
        if (!container.hasNonNull(POLICY)) {
            container.put(POLICY, "FallbackToLogsOnError");
        }
        return changed;
    }
}
