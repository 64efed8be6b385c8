package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * How far a JobManager is, by its Deployment and its REST API: {@code status.jobManagerDeploymentStatus}.
 *
 * @param wire as it stands in the resource
 */
public record JobManagerDeploymentStatus(@JsonValue String wire) implements WireValue {
    /** It runs and answers. */
    public static final JobManagerDeploymentStatus READY = new JobManagerDeploymentStatus("READY");
    /** It runs, and has not answered yet. */
    public static final JobManagerDeploymentStatus DEPLOYED_NOT_READY =
            new JobManagerDeploymentStatus("DEPLOYED_NOT_READY");
    /** Its process is starting. */
    public static final JobManagerDeploymentStatus DEPLOYING = new JobManagerDeploymentStatus("DEPLOYING");
    /** There is no Deployment. The default. */
    public static final JobManagerDeploymentStatus MISSING = new JobManagerDeploymentStatus("MISSING");
    /** Its Deployment failed for a reason that does not pass by itself. */
    public static final JobManagerDeploymentStatus ERROR = new JobManagerDeploymentStatus("ERROR");

    /** All values of the contract, in its order. */
    public static final List<JobManagerDeploymentStatus> KNOWN =
            List.of(READY, DEPLOYED_NOT_READY, DEPLOYING, MISSING, ERROR);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public JobManagerDeploymentStatus {
        requireNonNull(wire, "wire");
    }

    @Override
    public boolean isKnown() {
        return KNOWN.contains(this);
    }

    @Override
    public String toString() {
        return wire;
    }
}
