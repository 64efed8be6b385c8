package io.drey.testkit.plugin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.Generations.Entered;
import io.drey.spi.AdmissionRule;
import io.drey.spi.AdmissionRule.AdmissionRequest;
import io.drey.spi.Decorator;
import io.drey.spi.Decorator.Phase;
import io.drey.spi.Decorator.PodTemplates;
import io.drey.spi.Deployer;
import io.drey.spi.Deployer.Launch;
import io.drey.spi.FactSource;
import io.drey.spi.Gate;
import io.drey.spi.Listener;
import io.drey.spi.Proposer;
import io.drey.spi.ResourceKind;
import io.drey.spi.StatusPart;
import io.drey.spi.StepHandler;
import io.drey.spi.UpgradeStrategy;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.MissingFact;
import io.drey.spi.plan.Rescaling;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkResource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Asks every contribution about ordinary resources, through the host's gateway, as passes do. It must answer within the
 * deadline, without an exception that its extension point does not know, and twice the same where it is to be pure.
 */
final class Exercise {
    private final FeatureSet features;
    private final Set<String> faults = new LinkedHashSet<>();

    private Exercise(FeatureSet features) {
        this.features = features;
    }

    /** What is wrong with the answers. */
    static List<String> faults(FeatureSet features) {
        var exercise = new Exercise(features);
        exercise.once();
        Samples.resources().forEach(exercise::about);
        return List.copyOf(exercise.faults);
    }

    /** What is wrong with the answers of whoever decides what is in force for a resource. */
    static List<String> faults(Entered pass) {
        var exercise = new Exercise(pass.platform());
        for (var resource : Samples.resources()) {
            exercise.pure(
                    "FeaturePolicy",
                    "policy",
                    () -> pass.inForce(resource, namespace -> Map.of()).policy());
        }
        return List.copyOf(exercise.faults);
    }

    /** What does not depend on a resource. */
    private void once() {
        for (ResourceKind<?> kind : features.kinds().values()) {
            Samples.objects().stream()
                    .filter(object -> object.path("kind")
                            .equals(JsonNodeFactory.instance.textNode(
                                    kind.type().kind())))
                    .forEach(object ->
                            pure(kind, "read", () -> kind.read(object)).ifPresent(read -> kind(kind, read)));
        }
        for (UpgradeStrategy strategy : features.strategies().values()) {
            pure(strategy, "name", strategy::name);
        }
        for (StepHandler handler : features.stepHandlers().values()) {
            // Performing a step is an effect; what it is called must be answered.
            pure(handler, "name", handler::name);
        }
        for (StatusPart<?> part : features.statusParts()) {
            var paths = pure(part, "paths", part::paths).orElse(List.of());
            if (paths.isEmpty() || !paths.stream().allMatch(path -> path.startsWith("/"))) {
                fault(part, "paths", "found " + paths + ", must be JSON pointers below status, such as /quota");
            }
        }
        for (Decorator<?> decorator : features.decorators()) {
            pure(decorator, "phase", decorator::phase);
            if (pure(decorator, "kinds", decorator::kinds).orElse(Set.of()).isEmpty()) {
                fault(decorator, "kinds", "it applies to no kind");
            }
        }
        for (FactSource<?> source : features.factSources()) {
            pure(source, "factType", source::factType);
            pure(source, "needs", source::needs);
        }
    }

    private <R extends CustomResource> void kind(ResourceKind<R> kind, CustomResource read) {
        @SuppressWarnings("unchecked")
        var resource = (R) read;
        pure(kind, "writeStatus", () -> kind.writeStatus(resource));
        pure(kind, "operation", () -> kind.operation(resource));
        pure(kind, "deployed", () -> kind.deployed(resource));
        pure(kind, "stable", () -> kind.stable(resource));
        pure(kind, "configuration", () -> kind.configuration(resource));
        pure(kind, "infer", () -> kind.infer(Samples.situation(resource)));
        pure(kind, "reduce", () -> kind.reduce(resource, Samples.turn(resource)));
        pure(kind, "specDiff", () -> kind.specDiff(resource, resource))
                .filter(diff -> !diff.changes().isEmpty())
                .ifPresent(diff -> fault(kind, "specDiff", "a spec differs from itself: " + diff));
    }

    private void about(CustomResource resource) {
        var situation = Samples.situation(resource);
        for (AdmissionRule rule : features.admissionRules()) {
            for (var deployed : List.of(Optional.<CustomResource>empty(), Optional.of(resource))) {
                var request = new AdmissionRequest(resource, deployed, Samples.config());
                pure(rule, "check", () -> rule.check(request)).orElse(List.of()).stream()
                        .filter(violation -> violation.field().isBlank()
                                || violation.message().isBlank()
                                || violation.mend().isBlank())
                        .forEach(violation -> fault(
                                rule,
                                "check",
                                "a violation names the field, what was found, and the mend: " + violation));
            }
        }
        for (Proposer proposer : features.proposers()) {
            if (proposer.kinds().contains(resource.ref().kind())) {
                pure(proposer, "propose", () -> proposer.propose(situation));
            }
        }
        if (resource instanceof FlinkResource) {
            for (UpgradeStrategy strategy : features.strategies().values()) {
                pure(strategy, "choose", () -> strategy.choose(situation));
            }
        }
        for (Gate gate : features.gates()) {
            pure(gate, "check", () -> gate.check(Samples.start(), situation));
        }
        for (FactSource<?> source : features.factSources()) {
            if (pure(source, "when", () -> source.when(situation)).orElse(false)) {
                answer(source, "read", () -> source.read(new Samples.Nothing(resource)));
            }
        }
        for (StatusPart<?> part : features.statusParts()) {
            part(part, resource);
        }
        launch(resource);
        for (Listener listener : features.listeners()) {
            answer(listener, "onReport", () -> {
                listener.onReport(Samples.report(resource));
                return true;
            });
        }
    }

    private <P> void part(StatusPart<P> part, CustomResource resource) {
        var empty = JsonNodeFactory.instance.objectNode();
        pure(part, "read", () -> part.read(empty))
                .flatMap(read -> pure(part, "reduce", () -> part.reduce(read, Samples.turn(resource))))
                .ifPresent(reduced -> pure(part, "write", () -> {
                    var status = JsonNodeFactory.instance.objectNode();
                    part.write(reduced, status);
                    return status;
                }));
    }

    private void launch(CustomResource resource) {
        var config = decorated(Phase.CONFIG, Samples.config(), resource);
        var empty = JsonNodeFactory.instance.objectNode();
        var pods = decorated(Phase.PODS, new PodTemplates(empty.deepCopy(), empty.deepCopy()), resource);
        decorated(Phase.SPEC, resource, resource);
        decorated(Phase.OBJECTS, List.of(Samples.jobManager(resource)), resource);
        if (resource.ref().kind().equals("FlinkDeployment")) {
            features.deployers().values().forEach(deployer -> deployer(deployer, resource, config, pods));
        }
    }

    private void deployer(Deployer deployer, CustomResource resource, FlinkConfig config, PodTemplates pods) {
        var operation = Samples.operation();
        pure(deployer, "name", deployer::name);
        pure(deployer, "flink", () -> deployer.flink(resource, config));
        pure(deployer, "teardown", () -> deployer.teardown(Samples.situation(resource), operation));
        pure(deployer, "clear", () -> deployer.clear(Samples.situation(resource), operation));
        pure(
                deployer,
                "rescale",
                () -> deployer.rescale(
                        Samples.situation(resource), new Rescaling.Wanted(resource, Set.of(), Instant.MIN)));
        pure(
                        deployer,
                        "render",
                        () -> deployer.render(new Launch(
                                resource,
                                config,
                                pods.jobManager(),
                                pods.taskManager(),
                                operation,
                                Optional.ofNullable(operation.results().get("jobId")),
                                Optional.empty())))
                .filter(objects -> !objects.isEmpty() && !isDeployment(objects.getFirst()))
                .ifPresent(objects -> fault(deployer, "render", "the first object is not the JobManager Deployment"));
    }

    private static boolean isDeployment(ObjectNode manifest) {
        return manifest.path("kind").asText().equals("Deployment");
    }

    /** The value as all decorators of the phase leave it. */
    @SuppressWarnings("unchecked")
    private <T> T decorated(Phase<T> phase, T value, CustomResource resource) {
        var decorated = value;
        for (var decorator : features.decorators()) {
            if (decorator.phase().equals(phase)
                    && decorator.kinds().contains(resource.ref().kind())) {
                var one = (Decorator<T>) decorator;
                var before = decorated;
                var text = String.valueOf(before);
                decorated = pure(one, "decorate", () -> one.decorate(before, Samples.situation(resource)))
                        .orElse(before);
                if (!text.equals(String.valueOf(before))) {
                    fault(one, "decorate", "it changes its argument. Return a new value");
                }
            }
        }
        return decorated;
    }

    /** Asks twice. */
    private <T> Optional<T> pure(Object contribution, String method, Supplier<T> call) {
        var first = answer(contribution, method, call);
        var second = answer(contribution, method, call);
        if (!Objects.equals(first, second)) {
            fault(
                    contribution,
                    method,
                    "it is to be pure, and answers the same question with " + first + " and " + second);
        }
        return first;
    }

    /** Empty when it does not answer, because a fact is missing or the user wrote something that it cannot use. */
    private <T> Optional<T> answer(Object contribution, String method, Supplier<T> call) {
        try {
            var answer = Optional.ofNullable(call.get());
            if (answer.isEmpty()) {
                fault(contribution, method, "it answers null");
            }
            return answer;
        } catch (MissingFact e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        } catch (RuntimeException e) {
            fault(contribution, method, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void fault(Object contribution, String method, String what) {
        faults.add(contribution + "." + method + ": " + what);
    }

    /** What there is, as {@code AdmissionRule NameRule}. */
    static List<String> names(FeatureSet features) {
        List<String> names = new ArrayList<>();
        add(names, "AdmissionRule", features.admissionRules());
        add(names, "Decorator", features.decorators());
        add(names, "Deployer", features.deployers().values());
        add(names, "FactSource", features.factSources());
        add(names, "Gate", features.gates());
        add(names, "Listener", features.listeners());
        add(names, "Proposer", features.proposers());
        add(names, "ResourceKind", features.kinds().values());
        add(names, "StatusPart", features.statusParts());
        add(names, "StepHandler", features.stepHandlers().values());
        add(names, "UpgradeStrategy", features.strategies().values());
        return names;
    }

    private static void add(List<String> names, String point, Iterable<?> contributions) {
        // Behind the gateway, a contribution's text is the name of its class.
        contributions.forEach(
                each -> names.add(point + " " + String.valueOf(each).replaceFirst(".*[.$]", "")));
    }
}
