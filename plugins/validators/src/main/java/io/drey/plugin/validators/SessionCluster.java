package io.drey.plugin.validators;

import io.drey.spi.AdmissionRule.AdmissionRequest;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkSessionJob;
import io.drey.spi.resource.ResourceRef;
import java.util.Optional;

/** The cluster of a session job. */
final class SessionCluster {
    private SessionCluster() {}

    /** The deployment that the job names; empty when it is not there, or whoever asks cannot look. */
    static Optional<FlinkDeployment> of(FlinkSessionJob job, AdmissionRequest request) {
        var namespace = job.metadata().namespace();
        return job.spec()
                .deploymentName()
                .flatMap(name -> request.related()
                        .flatMap(
                                related -> related.find(new ResourceRef(FlinkDeployment.TYPE.kind(), namespace, name))))
                .flatMap(found ->
                        found instanceof FlinkDeployment deployment ? Optional.of(deployment) : Optional.empty());
    }
}
