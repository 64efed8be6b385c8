package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.Decorator;
import io.drey.spi.Decorator.PodTemplates;
import io.drey.spi.Situation;
import java.util.Set;

/** Resources that Flink's configuration has no keys for: ephemeral storage, devices. */
final class ResourcesInPods implements Decorator<PodTemplates> {
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
        var spec = Targets.of(situation).spec();
        return new PodTemplates(
                decorate(value.jobManager(), Amounts.ofJobManager(spec)),
                decorate(value.taskManager(), Amounts.ofTaskManager(spec)));
    }

    private static ObjectNode decorate(ObjectNode template, Amounts amounts) {
        if (amounts.requests().isEmpty() && amounts.limits().isEmpty()) {
            return template;
        }
        var changed = template.deepCopy();
        var container = MainContainer.in(changed);
        amounts.requests()
                .forEach((name, amount) ->
                        container.withObject("/resources/requests").put(name, amount));
        amounts.limits()
                .forEach((name, amount) ->
                        container.withObject("/resources/limits").put(name, amount));
        return changed;
    }
}
