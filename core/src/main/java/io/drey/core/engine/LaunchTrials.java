package io.drey.core.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.engine.LaunchTrial.Verdict;
import io.drey.core.port.KubernetesApi;
import io.drey.core.port.KubernetesError;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.config.Redaction;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Tries launches against the API server, by a dry run, before anything is stopped or created for them.
 *
 * <p>A refusal is remembered, and the launch tried again after a growing pause: a policy can be changed without an edit of
 * the resource. An acceptance is remembered for some seconds, for the passes that follow at once. Both are lost with the
 * process, which only means that the launch is tried again. Thread-safe.
 */
final class LaunchTrials {
    /** The key that turns trials off. */
    static final String ENABLED = OperatorKeys.LAUNCH_TRIAL.name();

    /** In the place of uids that are not known before the launch. */
    static final String NO_UID = "00000000-0000-0000-0000-000000000000";

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    private static final Duration ACCEPTED = Duration.ofSeconds(10);

    /** From here on a doubled pause is longer than the longest one. */
    private static final int DOUBLINGS = 6;

    private static final int LONGEST_TEXT = 600;
    private static final int INVALID = 422;

    /** The verdict on one edit, which stands until {@code next}. */
    private record Known(String uid, long generation, Verdict verdict, int refusals, Instant next) {
        boolean about(CustomResource resource) {
            return uid.equals(resource.metadata().uid())
                    && generation == resource.metadata().generation();
        }
    }

    /**
     * The API server's answer to one object.
     *
     * @param created whether the operator creates it, and not Kubernetes or Flink
     */
    private record Answer(ObjectNode object, boolean created, Optional<KubernetesError> error) {}

    /** Texts of errors, each with the objects that it is about. */
    private static final class Texts {
        private final Map<String, List<String>> objects = new LinkedHashMap<>();
        private final Map<String, String> texts = new HashMap<>();

        void add(ObjectNode object, KubernetesError error) {
            var key = ObjectKey.of(object);
            var text = text(error);
            // One template is tried in a Deployment and as a pod.
            var same = text.replace("spec.template.spec.", "spec.");
            texts.putIfAbsent(same, text);
            objects.computeIfAbsent(same, first -> new ArrayList<>()).add(key.kind() + " " + key.name());
        }

        boolean isEmpty() {
            return objects.isEmpty();
        }

        List<String> list() {
            return objects.entrySet().stream()
                    .map(entry -> String.join(", ", entry.getValue()) + ": " + texts.get(entry.getKey()))
                    .toList();
        }
    }

    private final Map<ResourceRef, Map<Target, Known>> known = new ConcurrentHashMap<>();

    /** Forgets a resource that is gone. */
    void forget(ResourceRef ref) {
        known.remove(ref);
    }

    /**
     * Tries a launch, unless the verdict on it is known.
     *
     * @throws KubernetesError when the API server does not decide: it is not reached, or busy
     */
    Verdict of(Untried launch, CustomResource resource, KubernetesApi kubernetes, Instant now) {
        var ofResource = known.computeIfAbsent(resource.ref(), first -> new ConcurrentHashMap<>());
        var target = launch.operation().target();
        var before = Optional.ofNullable(ofResource.get(target)).filter(verdict -> verdict.about(resource));
        if (before.filter(verdict -> now.isBefore(verdict.next())).isPresent()) {
            var verdict = before.get().verdict();
            return verdict.refusal().isEmpty()
                    ? verdict
                    : new Verdict(
                            verdict.refusal(),
                            Duration.between(now, before.get().next()),
                            List.of());
        }
        int refusals = before.map(Known::refusals).orElse(0) + 1;
        var verdict = tried(launch, kubernetes, pause(refusals));
        boolean refused = verdict.refusal().isPresent();
        ofResource.put(
                target,
                new Known(
                        resource.metadata().uid(),
                        resource.metadata().generation(),
                        verdict,
                        refused ? refusals : 0,
                        now.plus(refused ? verdict.after() : ACCEPTED)));
        return verdict;
    }

    private static Verdict tried(Untried launch, KubernetesApi kubernetes, Duration pause) {
        var refusals = new Texts();
        var warnings = new Texts();
        for (var answer : answers(launch, kubernetes)) {
            if (answer.error().isPresent()) {
                (refuses(answer, launch.operation()) ? refusals : warnings)
                        .add(answer.object(), answer.error().get());
            }
        }
        if (refusals.isEmpty()) {
            return new Verdict(Optional.empty(), Duration.ZERO, warnings.list());
        }
        var why = new Failure(
                ErrorKind.EXTERNAL,
                "LaunchRefused",
                "Kubernetes refuses what is to be launched: " + String.join("; ", refusals.list())
                        + ". It is tried again. To launch without a trial, set " + ENABLED
                        + ": \"false\" in spec.flinkConfiguration");
        return new Verdict(Optional.of(why), pause, List.of());
    }

    /**
     * Whether a launch is held for an error. A pod is tried in the name of the operator, which does not create it: a policy
     * may take the real one. So a pod holds only an edit that would stop a running job for it, or that no policy can help.
     */
    private static boolean refuses(Answer answer, Operation operation) {
        var error = answer.error().orElseThrow();
        boolean stops = operation.stop().mode() != StopMode.NONE;
        if (exceedsQuota(error)) {
            // A stop frees what the running cluster occupies. Where nothing runs, half of a launch would stay.
            return answer.created() && !stops;
        }
        return switch (operation.cause()) {
            case CHANGE -> answer.created() || stops || error.code() == INVALID;
            case CREATE -> answer.created() || error.code() == INVALID;
            // Each of these puts something in the place of a job that does not run as it should.
            case DELETE, RESCALE, ROLLBACK, HALT, RESTART_FAILED, RECOVER, RESTART_UNHEALTHY -> answer.created();
        };
    }

    private static Duration pause(int attempts) {
        var doubled = FIRST_PAUSE.multipliedBy(1L << (Math.min(attempts, DOUBLINGS) - 1));
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    /** All at once: an upgrade waits for the slowest answer only. */
    private static List<Answer> answers(Untried launch, KubernetesApi kubernetes) {
        List<Callable<Answer>> questions = new ArrayList<>();
        launch.objects().forEach(object -> questions.add(() -> answer(object, true, kubernetes)));
        launch.pods().forEach(pod -> questions.add(() -> answer(pod, false, kubernetes)));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Answer> answers = new ArrayList<>();
            for (Future<Answer> answer : threads.invokeAll(questions)) {
                answers.add(answer.get());
            }
            return answers;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KubernetesError(0, "interrupted while a launch was tried");
        }
    }

    private static Answer answer(ObjectNode object, boolean created, KubernetesApi kubernetes) {
        var error = kubernetes
                .refusal(withOwners(object))
                .filter(LaunchTrials::decides)
                .filter(refusal -> created || !forbidsPods(refusal));
        if (error.isPresent() && passing(error.get())) {
            throw error.get();
        }
        return new Answer(object, created, error);
    }

    /** A resource that is only planned has no uid yet, and the API server takes no owner without one. */
    private static ObjectNode withOwners(ObjectNode object) {
        var complete = object.deepCopy();
        for (var owner : complete.at("/metadata/ownerReferences")) {
            if (owner instanceof ObjectNode reference
                    && reference.path("uid").asText().isEmpty()) {
                reference.put("uid", NO_UID);
            }
        }
        return complete;
    }

    /** A webhook that takes no part in dry runs says nothing about the object. */
    private static boolean decides(KubernetesError error) {
        return !(error.code() == 400 && message(error).contains("does not support dry run"));
    }

    /** Whether the API server did not get as far as to decide. A webhook that does not answer refuses. */
    private static boolean passing(KubernetesError error) {
        return !message(error).contains("failed calling webhook")
                && (error.code() == 0 || error.code() == 409 || error.code() == 429 || error.code() >= 500);
    }

    /** Whether the operator may not create pods, which it needs for nothing else. */
    private static boolean forbidsPods(KubernetesError error) {
        return error.code() == 403 && message(error).contains("cannot create resource");
    }

    private static boolean exceedsQuota(KubernetesError error) {
        return error.code() == 403 && message(error).contains("exceeded quota");
    }

    private static String message(KubernetesError error) {
        return String.valueOf(error.getMessage());
    }

    /** Without kind and name, which stand before it: {@code spec...: Required value}. */
    private static String text(KubernetesError error) {
        var text = Redaction.text(message(error)).replaceFirst("^\\S+ \"[^\"]*\" is (invalid|forbidden): ", "");
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "..";
    }
}
