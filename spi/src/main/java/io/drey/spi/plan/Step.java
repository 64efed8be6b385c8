package io.drey.spi.plan;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.Operation.Phase;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One thing to do, as data: what it is done to, and what must hold. Every step may be carried out twice and have the
 * effect of once. The core carries steps out; nobody else writes to Kubernetes or to Flink.
 */
public sealed interface Step {

    /** What the step is done to: two contributions may not do different things to one target in one pass. */
    String target();

    /**
     * Creates an object; never modifies one. One that exists is success if it carries the same operation annotation, or,
     * outside of an operation, the same {@code drey.io/idempotency-key}, and a conflict otherwise. Without a key of its own a
     * manifest gets the uid of the resource as its key.
     *
     * @param manifest complete, with apiVersion, kind, namespace and name
     * @param ownedBy an object whose uid becomes the owner reference: one that an earlier step of the plan created
     */
    record Create(ObjectNode manifest, Optional<ObjectKey> ownedBy) implements Step {
        public Create {
            requireNonNull(manifest, "manifest");
            requireNonNull(ownedBy, "ownedBy");
        }

        /** What is created. */
        public ObjectKey key() {
            return ObjectKey.of(manifest);
        }

        @Override
        public String target() {
            return key().toString();
        }
    }

    /**
     * Server-side apply, by field manager {@code drey}. For attached objects only, never for a cluster object outside of
     * a launch.
     *
     * @param manifest without a uid: an apply with one is refused when the object is gone
     */
    record Apply(ObjectNode manifest) implements Step {
        @Override
        public String target() {
            return ObjectKey.of(manifest).toString();
        }
    }

    /**
     * A JSON merge patch with a precondition.
     *
     * @param resourceVersion must be the object's
     * @param uid if the patch is right for every version of this object: it is tried once more when the object has changed
     */
    record Patch(ObjectKey key, String resourceVersion, JsonNode merge, Optional<String> uid) implements Step {
        /** A patch of one version. */
        public Patch(ObjectKey key, String resourceVersion, JsonNode merge) {
            this(key, resourceVersion, merge, Optional.empty());
        }

        @Override
        public String target() {
            return key.toString();
        }
    }

    /**
     * Deletes an object. One that is gone, or was replaced by one of another uid, is success.
     *
     * @param uid must be the object's
     */
    record Delete(ObjectKey key, String uid, Propagation propagation) implements Step {
        public Delete {
            requireNonNull(key, "key");
            requireNonNull(uid, "uid");
            requireNonNull(propagation, "propagation");
        }

        @Override
        public String target() {
            return key.toString();
        }
    }

    /** What happens to dependents, as in Kubernetes. */
    enum Propagation {
        FOREGROUND("Foreground"),
        BACKGROUND("Background"),
        ORPHAN("Orphan");

        /** How the Deployment of a cluster is deleted. */
        public static final ConfigKey<Propagation> KEY = OperatorKeys.DELETION_PROPAGATION.as(Propagation::valueOf);

        private final String wire;

        Propagation(String wire) {
            this.wire = wire;
        }

        /** As Kubernetes spells it. */
        public String wire() {
            return wire;
        }
    }

    /**
     * Cancels a job or stops it with a savepoint. Ids are caller-chosen, so a repeated request finds the first one.
     *
     * @param savepoint present to stop with a savepoint; its path must be kept
     * @param bestEffort whether failure does not stop the plan
     */
    record StopJob(
            FlinkRef flink, String jobId, EffectId effect, Optional<SavepointRequest> savepoint, boolean bestEffort)
            implements Step {
        @Override
        public String target() {
            return "job " + flink + "/" + jobId;
        }
    }

    /**
     * @param directory target directory; empty for the cluster's default
     * @param format {@code CANONICAL} or {@code NATIVE}
     * @param drain whether sources are drained before
     */
    record SavepointRequest(Optional<String> directory, String format, boolean drain) {}

    /** Uploads a jar to a session cluster, if it is not there, and runs it under a given job id. */
    record RunJob(FlinkRef flink, String jobId, EffectId effect, JsonNode request) implements Step {
        @Override
        public String target() {
            return "job " + flink + "/" + jobId;
        }
    }

    /** Sets a job's resource requirements, absolute. */
    record Rescale(FlinkRef flink, String jobId, JsonNode requirements) implements Step {
        @Override
        public String target() {
            return "job " + flink + "/" + jobId;
        }
    }

    /** Triggers a savepoint or checkpoint of a running job. */
    record TriggerSnapshot(FlinkRef flink, String jobId, EffectId effect, Optional<SavepointRequest> savepoint)
            implements Step {
        @Override
        public String target() {
            return "snapshot of " + flink + "/" + jobId;
        }
    }

    /** Removes a savepoint's files. One that is gone is success. */
    record DisposeSnapshot(FlinkRef flink, String path, EffectId effect) implements Step {
        @Override
        public String target() {
            return "snapshot " + path;
        }
    }

    /** Writes a Kubernetes event, at least once. Failure does not stop the plan. */
    record EmitEvent(Event event) implements Step {
        @Override
        public String target() {
            return "event " + event.component() + "/" + event.reason() + "/"
                    + event.key().orElse(event.message());
        }
    }

    /**
     * Something that must come true before the plan goes on. Present in a plan only while it is not true.
     *
     * @param what for people: "JobManager pods are gone"
     * @param poll when to look again at the latest, for what no watch tells
     */
    record Await(String what, Duration poll) implements Step {
        @Override
        public String target() {
            return "await " + what;
        }
    }

    /**
     * Writes down how far the operation has got; ends the pass.
     *
     * @param results to be kept from here on, by name
     */
    record Keep(Phase phase, Map<String, String> results) implements Step {
        public Keep {
            requireNonNull(phase, "phase");
            results = Map.copyOf(results);
        }

        @Override
        public String target() {
            return "operation " + phase;
        }
    }

    /** Removes the finalizer, so that a deleted resource may go. */
    record ReleaseFinalizer(String finalizer) implements Step {
        @Override
        public String target() {
            return "finalizer " + finalizer;
        }
    }

    /** An effect of a plugin's own kind, see {@link io.drey.spi.StepHandler}. */
    record External(String handler, String name, EffectId effect, JsonNode payload) implements Step {
        @Override
        public String target() {
            return handler + " " + name;
        }
    }
}
