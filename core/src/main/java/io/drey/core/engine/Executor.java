package io.drey.core.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.generation.FeatureSet;
import io.drey.core.host.PluginFailure;
import io.drey.core.port.FlinkApi;
import io.drey.core.port.KubernetesApi;
import io.drey.core.port.KubernetesError;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Outcome;
import io.drey.spi.plan.Outcome.Done;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.CustomResource;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out steps, in order, up to the first that is not done or whose result must be kept. */
final class Executor {
    /** On every object of a launch: the operation that made it. */
    static final String OPERATION_ANNOTATION = "drey.io/operation";

    /** On every object that is created outside of an operation: by default the uid of the resource that it is for. */
    static final String IDEMPOTENCY_ANNOTATION = "drey.io/idempotency-key";

    private static final Logger LOG = LoggerFactory.getLogger(Executor.class);
    private static final Duration STEP_LIMIT = Duration.ofSeconds(30);

    private final KubernetesApi kubernetes;
    private final FlinkApi flink;
    private final FeatureSet features;
    private final Clock clock;
    private final Map<ObjectKey, JsonNode> made = new HashMap<>();
    private CustomResource resource;

    Executor(KubernetesApi kubernetes, FlinkApi flink, FeatureSet features, Clock clock, CustomResource resource) {
        this.kubernetes = kubernetes;
        this.flink = flink;
        this.features = features;
        this.clock = clock;
        this.resource = resource;
    }

    /** The operation that made an object; empty text when none did. */
    static String operationOf(JsonNode object) {
        return object.path("metadata")
                .path("annotations")
                .path(OPERATION_ANNOTATION)
                .asText();
    }

    private static String keyOf(JsonNode object) {
        return object.path("metadata")
                .path("annotations")
                .path(IDEMPOTENCY_ANNOTATION)
                .asText();
    }

    /** The resource, as the last of our writes to it left it. */
    CustomResource resource() {
        return resource;
    }

    /** What came of each step that was reached. The last one may be not done; the others are, or were best effort. */
    Map<Step, Outcome> carryOut(List<Step> steps) {
        Map<Step, Outcome> outcomes = new LinkedHashMap<>();
        boolean kept = false;
        for (var step : steps) {
            if (kept && !(step instanceof Step.Keep)) {
                break;
            }
            var outcome = attempt(step);
            outcomes.put(step, outcome);
            kept = step instanceof Step.Keep
                    || outcome instanceof Done done && !done.results().isEmpty();
            if (!(outcome instanceof Done) && !optional(step)) {
                break;
            }
        }
        return outcomes;
    }

    private static boolean optional(Step step) {
        return step instanceof Step.StopJob stop && stop.bestEffort() || step instanceof Step.EmitEvent;
    }

    private Outcome attempt(Step step) {
        try {
            return perform(step);
        } catch (KubernetesError e) {
            return new Outcome.Failed(new Failure(e.kind(), code(e), step.target() + ": " + e.getMessage()));
        } catch (PluginFailure e) {
            return new Outcome.Failed(
                    new Failure(ErrorKind.INTERNAL, Unplannable.PLUGIN_FAILED, step.target() + ": " + e.getMessage()));
        }
    }

    private static String code(KubernetesError error) {
        if (error.refused()) {
            return Failure.REFUSED;
        }
        return error.conflict() ? "Conflict" : "KubernetesApi";
    }

    private Outcome perform(Step step) {
        return switch (step) {
            case Step.Create create -> create(create);
            case Step.Apply apply -> {
                kubernetes.apply(apply.manifest());
                yield Done.PLAIN;
            }
            case Step.Patch patch -> {
                patch(patch);
                yield Done.PLAIN;
            }
            case Step.Delete delete -> {
                kubernetes.delete(delete.key(), delete.uid(), delete.propagation());
                yield Done.PLAIN;
            }
            case Step.StopJob stop -> {
                var outcome = stop.savepoint().isPresent()
                        ? flink.stopWithSavepoint(
                                stop.flink(),
                                stop.jobId(),
                                stop.effect(),
                                stop.savepoint().get())
                        : flink.cancel(stop.flink(), stop.jobId());
                if (!(outcome instanceof Outcome.Pending)) {
                    flink.refresh(stop.flink());
                }
                yield outcome;
            }
            case Step.RunJob run -> flink.runJob(run.flink(), run.jobId(), run.effect(), run.request());
            case Step.Rescale rescale -> {
                var outcome = flink.rescale(rescale.flink(), rescale.jobId(), rescale.requirements());
                flink.refresh(rescale.flink());
                yield outcome;
            }
            case Step.TriggerSnapshot trigger ->
                flink.triggerSnapshot(trigger.flink(), trigger.jobId(), trigger.effect(), trigger.savepoint());
            case Step.DisposeSnapshot dispose ->
                flink.disposeSnapshot(dispose.flink(), dispose.path(), dispose.effect());
            case Step.EmitEvent emit -> {
                kubernetes.event(resource, emit.event());
                yield Done.PLAIN;
            }
            case Step.Await await -> new Outcome.Pending(await.what(), await.poll());
            case Step.Keep keep -> new Done(keep.results());
            case Step.ReleaseFinalizer release -> {
                var remaining = new ArrayList<>(resource.metadata().finalizers());
                remaining.remove(release.finalizer());
                kubernetes.replaceFinalizers(resource, remaining).ifPresent(left -> resource = left);
                yield Done.PLAIN;
            }
            case Step.External external -> {
                var handler = features.stepHandlers().get(external.handler());
                yield handler == null
                        ? new Outcome.Failed(new Failure(
                                ErrorKind.USER,
                                "StepHandlerMissing",
                                "no plugin here handles " + external.handler() + "; install it again"))
                        : handler.perform(
                                external.payload(),
                                external.effect(),
                                clock.instant().plus(STEP_LIMIT));
            }
        };
    }

    private void patch(Step.Patch patch) {
        try {
            kubernetes.patch(patch.key(), patch.resourceVersion(), patch.merge());
        } catch (KubernetesError e) {
            if (!e.conflict() || patch.uid().isEmpty()) {
                throw e;
            }
            var same = kubernetes
                    .get(patch.key())
                    .map(object -> object.path("metadata"))
                    .filter(metadata ->
                            patch.uid().get().equals(metadata.path("uid").asText()))
                    .orElseThrow(() -> e);
            kubernetes.patch(patch.key(), same.path("resourceVersion").asText(), patch.merge());
        }
    }

    private Outcome create(Step.Create create) {
        var manifest = create.manifest().deepCopy();
        if (create.ownedBy().isPresent()) {
            var owner = made.get(create.ownedBy().get());
            if (owner == null) {
                return new Outcome.Failed(
                        new Failure(ErrorKind.INTERNAL, "OwnerMissing", create.key() + " is planned before its owner"));
            }
            own(manifest, owner);
        }
        boolean launched = !operationOf(manifest).isEmpty();
        if (!launched && keyOf(manifest).isEmpty()) {
            manifest.withObject("/metadata")
                    .withObject("/annotations")
                    .put(IDEMPOTENCY_ANNOTATION, resource.metadata().uid());
        }
        var key = create.key();
        var created = kubernetes.create(manifest);
        if (created.isPresent()) {
            LOG.info("created {}", key);
            made.put(key, created.get());
            return Done.PLAIN;
        }
        var existing = kubernetes.get(key);
        if (existing.isEmpty()) {
            return new Outcome.Pending(key + " is going away", Duration.ofSeconds(1));
        }
        boolean ours = launched
                ? operationOf(existing.get()).equals(operationOf(manifest))
                : keyOf(existing.get()).equals(keyOf(manifest));
        if (ours) {
            made.put(key, existing.get());
            return Done.PLAIN;
        }
        return new Outcome.Failed(new Failure(
                ErrorKind.EXTERNAL,
                "Conflict",
                key + " exists and was not made by this " + (launched ? "operation" : "resource")
                        + ". If it is a left-over, delete it: kubectl -n "
                        + key.namespace() + " delete " + key.kind().toLowerCase(java.util.Locale.ROOT) + " "
                        + key.name()));
    }

    private static void own(ObjectNode manifest, JsonNode owner) {
        ObjectNode reference =
                manifest.withObject("/metadata").withArray("ownerReferences").addObject();
        reference.put("apiVersion", owner.path("apiVersion").asText());
        reference.put("kind", owner.path("kind").asText());
        reference.put("name", owner.path("metadata").path("name").asText());
        reference.put("uid", owner.path("metadata").path("uid").asText());
        reference.put("controller", true);
        reference.put("blockOwnerDeletion", true);
    }
}
