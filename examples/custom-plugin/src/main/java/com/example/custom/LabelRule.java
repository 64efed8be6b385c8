package com.example.custom;

import com.google.inject.Inject;
import io.drey.spi.AdmissionRule;
import io.drey.spi.resource.FlinkDeployment;
import java.util.List;

/** A FlinkDeployment has the label of our house. One without it is not deployed; what runs already goes on. */
final class LabelRule implements AdmissionRule {
    private final CustomPlugin.Label label;

    @Inject
    LabelRule(CustomPlugin.Label label) {
        this.label = label;
    }

    @Override
    public List<Violation> check(AdmissionRequest request) {
        if (!(request.resource() instanceof FlinkDeployment)
                || request.resource().metadata().labels().containsKey(label.key())) {
            return List.of();
        }
        return List.of(Violation.of(
                "metadata.labels." + label.key(), "It is missing, and our house asks for it", "Add the label"));
    }
}
