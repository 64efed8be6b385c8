package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * What Flink says about a job, by the names of Flink's {@code JobStatus}: {@code status.jobStatus.state}.
 *
 * @param wire as it stands in the resource
 */
public record FlinkJobState(@JsonValue String wire) implements WireValue {
    public static final FlinkJobState INITIALIZING = new FlinkJobState("INITIALIZING");
    public static final FlinkJobState CREATED = new FlinkJobState("CREATED");
    public static final FlinkJobState RUNNING = new FlinkJobState("RUNNING");
    public static final FlinkJobState FAILING = new FlinkJobState("FAILING");
    public static final FlinkJobState FAILED = new FlinkJobState("FAILED");
    public static final FlinkJobState CANCELLING = new FlinkJobState("CANCELLING");
    public static final FlinkJobState CANCELED = new FlinkJobState("CANCELED");
    public static final FlinkJobState FINISHED = new FlinkJobState("FINISHED");
    public static final FlinkJobState RESTARTING = new FlinkJobState("RESTARTING");
    public static final FlinkJobState SUSPENDED = new FlinkJobState("SUSPENDED");
    public static final FlinkJobState RECONCILING = new FlinkJobState("RECONCILING");

    /** All values of the contract, in its order. */
    public static final List<FlinkJobState> KNOWN = List.of(
            INITIALIZING,
            CREATED,
            RUNNING,
            FAILING,
            FAILED,
            CANCELLING,
            CANCELED,
            FINISHED,
            RESTARTING,
            SUSPENDED,
            RECONCILING);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public FlinkJobState {
        requireNonNull(wire, "wire");
    }

    @Override
    public boolean isKnown() {
        return KNOWN.contains(this);
    }

    /** Whether the job has ended for good and no JobManager will take it up again. */
    public boolean isGloballyTerminal() {
        return equals(FAILED) || equals(CANCELED) || equals(FINISHED);
    }

    /** Whether the job has ended for the JobManager that ran it; another may take a suspended one up. */
    public boolean isTerminal() {
        return isGloballyTerminal() || equals(SUSPENDED);
    }

    @Override
    public String toString() {
        return wire;
    }
}
