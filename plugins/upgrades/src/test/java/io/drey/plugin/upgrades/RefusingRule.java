package io.drey.plugin.upgrades;

import io.drey.spi.AdmissionRule;
import io.drey.spi.resource.FlinkDeployment;
import java.util.List;

/** Does not admit an image whose name says that it is invalid. */
public final class RefusingRule implements AdmissionRule {
    @Override
    public List<Violation> check(AdmissionRequest request) {
        boolean invalid = request.resource() instanceof FlinkDeployment deployment
                && deployment
                        .spec()
                        .image()
                        .filter(image -> image.contains("invalid"))
                        .isPresent();
        return invalid ? List.of(Violation.of("spec.image", "Found an invalid image", "Take another one")) : List.of();
    }
}
