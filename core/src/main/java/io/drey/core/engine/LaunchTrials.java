package io.drey.core.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.engine.LaunchTrial.Verdict;
import io.drey.core.port.KubernetesApi;
import io.drey.core.port.KubernetesError;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Tries launches against the API server, by a dry run, before anything is stopped or created for them.
 *
 * <p>A refusal is remembered, and tried again with a growing pause: a policy can be changed without an edit of the resource.
 * What is remembered is lost with the process, which only means that it is tried again. Thread-safe.
 */
final class LaunchTrials {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /** From here on a doubled pause is longer than the longest one. */
    private static final int MANY = 6;

    private static final int LONGEST = 600;

    /** A refusal that stands until {@code next}, or until the resource is edited. */
    private record Refused(String uid, long generation, Target target, Failure why, int attempts, Instant next) {
        boolean about(CustomResource resource, Operation operation) {
            return uid.equals(resource.metadata().uid())
                    && generation == resource.metadata().generation()
                    && target == operation.target();
        }
    }

    /** What the API server says of one object. */
    private record Answer(ObjectNode object, boolean created, Optional<KubernetesError> refusal) {}

    private final Map<ResourceRef, Refused> refused = new ConcurrentHashMap<>();

    /** Forgets a resource that is gone. */
    void forget(ResourceRef ref) {
        refused.remove(ref);
    }

    /** Tries a launch, unless it was refused a short time ago. */
    Verdict of(Untried launch, CustomResource resource, KubernetesApi kubernetes, Instant now) {
        var operation = launch.operation();
        var before = Optional.ofNullable(refused.get(resource.ref())).filter(known -> known.about(resource, operation));
        if (before.filter(known -> now.isBefore(known.next())).isPresent()) {
            return refusal(
                    before.get().why(), Duration.between(now, before.get().next()));
        }
        List<String> refusals = new ArrayList<>();
        List<String> quotas = new ArrayList<>();
        Set<String> said = new HashSet<>();
        for (var answer : answers(launch, kubernetes)) {
            var error = answer.refusal().filter(LaunchTrials::tells);
            if (error.isEmpty() || !answer.created() && forbidsPods(error.get())) {
                continue;
            }
            // One template is tried in a Deployment and as pods.
            if (!said.add(said(error.get()).replace("spec.template.spec.", "spec."))) {
                continue;
            }
            // A stop frees what is exceeded by what runs; where nothing runs, half of a launch would stay.
            boolean frees = operation.stop().mode() != StopMode.NONE || !answer.created();
            (exceedsQuota(error.get()) && frees ? quotas : refusals).add(text(answer.object(), error.get()));
        }
        if (refusals.isEmpty()) {
            refused.remove(resource.ref());
            return new Verdict(Optional.empty(), Duration.ZERO, quotas);
        }
        int attempts = before.map(Refused::attempts).orElse(0) + 1;
        var why = new Failure(
                ErrorKind.EXTERNAL,
                "LaunchRefused",
                "Kubernetes refuses what is to be launched, so nothing was changed: " + String.join("; ", refusals));
        var pause = pause(attempts);
        refused.put(
                resource.ref(),
                new Refused(
                        resource.metadata().uid(),
                        resource.metadata().generation(),
                        operation.target(),
                        why,
                        attempts,
                        now.plus(pause)));
        return refusal(why, pause);
    }

    private static Verdict refusal(Failure why, Duration after) {
        return new Verdict(Optional.of(why), after, List.of());
    }

    private static Duration pause(int attempts) {
        var doubled = FIRST_PAUSE.multipliedBy(1L << (Math.min(attempts, MANY) - 1));
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    /** All at once: an upgrade waits for the slowest answer only. */
    private static List<Answer> answers(Untried launch, KubernetesApi kubernetes) {
        List<Callable<Answer>> questions = new ArrayList<>();
        launch.objects().forEach(object -> questions.add(() -> new Answer(object, true, kubernetes.refusal(object))));
        launch.pods().forEach(pod -> questions.add(() -> new Answer(pod, false, kubernetes.refusal(pod))));
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

    /** A webhook that takes no part in dry runs says nothing about the object. */
    private static boolean tells(KubernetesError error) {
        return !(error.code() == 400 && message(error).contains("does not support dry run"));
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

    private static String text(ObjectNode object, KubernetesError error) {
        var key = ObjectKey.of(object);
        return key.kind() + " " + key.name() + ": " + said(error);
    }

    /** Without the name once more: {@code Deployment.apps "orders" is invalid: spec...: Required value}. */
    private static String said(KubernetesError error) {
        var said = message(error).replaceFirst("^\\S+ \"[^\"]*\" is (invalid|forbidden): ", "");
        return said.length() <= LONGEST ? said : said.substring(0, LONGEST) + "..";
    }
}
