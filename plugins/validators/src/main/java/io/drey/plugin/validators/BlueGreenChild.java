package io.drey.plugin.validators;

import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.resource.FlinkBlueGreenDeployment;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.Metadata;
import java.util.List;
import java.util.Optional;

/** The FlinkDeployment that a FlinkBlueGreenDeployment would make: what is wrong with it is wrong with the template. */
final class BlueGreenChild {
    private static final String LONGER_SUFFIX = "-green";

    private BlueGreenChild() {}

    /** The child with the longer name; empty when there is no template to make it from. */
    static Optional<FlinkDeployment> of(FlinkBlueGreenDeployment pair) {
        var metadata = pair.metadata();
        return pair.spec()
                .template()
                .flatMap(template -> template.spec())
                .map(spec -> new FlinkDeployment(
                        Metadata.of(metadata.namespace(), metadata.name() + LONGER_SUFFIX),
                        spec,
                        FlinkDeploymentStatus.EMPTY));
    }

    /** Violations of a child, told as what the user wrote: {@code spec.job} is {@code spec.template.spec.job}. */
    static List<Violation> inTemplate(List<Violation> ofChild) {
        return ofChild.stream()
                .map(violation -> new Violation(
                        inTemplate(violation.field()),
                        violation.message(),
                        violation.mend().replaceAll("\\bspec\\.", "spec.template.spec."),
                        violation.effect(),
                        violation.reason()))
                .toList();
    }

    private static String inTemplate(String field) {
        return field.startsWith("spec.") ? "spec.template." + field : field;
    }
}
