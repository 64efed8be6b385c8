package com.example.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.inject.Inject;
import io.drey.spi.Decorator;
import io.drey.spi.Situation;
import java.util.Set;

/** Puts the resource's label on its pods, too, from the next launch on. */
final class LabelOnPods implements Decorator<Decorator.PodTemplates> {
    private final CustomPlugin.Label label;

    @Inject
    LabelOnPods(CustomPlugin.Label label) {
        this.label = label;
    }

    @Override
    public Phase<PodTemplates> phase() {
        return Phase.PODS;
    }

    @Override
    public Set<String> kinds() {
        return Set.of("FlinkDeployment");
    }

    @Override
    public PodTemplates decorate(PodTemplates templates, Situation situation) {
        var value = situation.resource().metadata().labels().get(label.key());
        return value == null
                ? templates
                : new PodTemplates(with(templates.jobManager(), value), with(templates.taskManager(), value));
    }

    private ObjectNode with(ObjectNode template, String value) {
        var copy = template.deepCopy();
        copy.withObject("/metadata/labels").put(label.key(), value);
        return copy;
    }
}
