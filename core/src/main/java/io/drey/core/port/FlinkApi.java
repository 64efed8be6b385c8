package io.drey.core.port;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.operation.EffectId;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.Outcome;
import io.drey.spi.plan.Step.SavepointRequest;
import io.drey.spi.resource.ResourceRef;

/** Flink's REST API. Reads come from the poller's cache and never wait; effects wait, with a time limit. Thread-safe. */
public interface FlinkApi extends FlinkViews {
    /** Stops polling for a resource that is gone. */
    void forget(ResourceRef subscriber);

    /** Polls at once, after an effect: what was seen before it is not to be trusted. */
    void refresh(FlinkRef flink);

    /** Cancels a job. One that is gone or has ended is success. */
    Outcome cancel(FlinkRef flink, String jobId);

    /**
     * Stops a job with a savepoint, or looks after a stop that was asked for under the same id. Done carries {@link
     * io.drey.spi.operation.Operation#SAVEPOINT}, and where Flink tells them the checkpoint's id and time. No answer is
     * Pending: the stop may be under way. Failed means that Flink refused, or that its savepoint failed, and the job was
     * not stopped by it; code {@code JobNotFound} that the JobManager serves and does not know the job, {@code JobNotReady}
     * that Flink was not asked, since a task waits for a slot, starts or ends.
     */
    Outcome stopWithSavepoint(FlinkRef flink, String jobId, EffectId trigger, SavepointRequest request);

    /** Uploads, if needed, and runs a jar under a given job id. */
    Outcome runJob(FlinkRef flink, String jobId, EffectId effect, JsonNode request);

    /** Sets a job's resource requirements. */
    Outcome rescale(FlinkRef flink, String jobId, JsonNode requirements);

    /** Triggers a savepoint or checkpoint, or looks after one that was triggered under the same id. */
    Outcome triggerSnapshot(
            FlinkRef flink, String jobId, EffectId trigger, java.util.Optional<SavepointRequest> savepoint);

    /** Removes a savepoint's files. */
    Outcome disposeSnapshot(FlinkRef flink, String path, EffectId trigger);
}
