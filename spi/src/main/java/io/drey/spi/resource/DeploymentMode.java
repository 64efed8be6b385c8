package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * Who makes the cluster's objects: {@code mode} of a FlinkDeployment. Absent means native.
 *
 * @param wire as it stands in the resource
 */
public record DeploymentMode(@JsonValue String wire) implements WireValue {
    /** Flink itself asks Kubernetes for TaskManagers. */
    public static final DeploymentMode NATIVE = new DeploymentMode("native");
    /** All objects are made beforehand; Flink knows nothing of Kubernetes. */
    public static final DeploymentMode STANDALONE = new DeploymentMode("standalone");

    /** All values of the contract, in its order. */
    public static final List<DeploymentMode> KNOWN = List.of(NATIVE, STANDALONE);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public DeploymentMode {
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
