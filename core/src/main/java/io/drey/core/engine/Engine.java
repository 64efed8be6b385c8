package io.drey.core.engine;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.config.FlinkConfigs;
import io.drey.core.engine.PassCounts.Outcome;
import io.drey.core.generation.Generations;
import io.drey.core.host.PluginFailure;
import io.drey.core.loop.Requeue;
import io.drey.core.port.FlinkApi;
import io.drey.core.port.Ids;
import io.drey.core.port.KubernetesApi;
import io.drey.core.port.KubernetesError;
import io.drey.core.port.ResourceCache;
import io.drey.core.port.ResourceCache.Unreadable;
import io.drey.core.port.WorkingFor;
import io.drey.spi.FactSource.Namesake;
import io.drey.spi.ResourceKind;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Runs passes. The only one that writes to Kubernetes and to a status. Thread-safe, as long as one key is never in two
 * passes at once, which the loop sees to.
 */
public final class Engine implements SwapCheck.Trials {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private final Generations generations;
    private final ResourceCache cache;
    private final KubernetesApi kubernetes;
    private final FlinkApi flink;
    private final FlinkConfigs configs;
    private final Clock clock;
    private final Ids ids;
    private final Reports reports;
    private final RetryTimes retry;
    private final OwnWrites ownWrites = new OwnWrites();
    private final BackOffs backOffs;
    private final PassCounts counts = new PassCounts();
    private final LaunchTrials trials = new LaunchTrials();

    /**
     * How long to wait for what does not tell.
     *
     * @param limit the longest delay between two tries
     */
    public record RetryTimes(Duration limit) {}

    @Inject
    public Engine(
            Generations generations,
            ResourceCache cache,
            KubernetesApi kubernetes,
            FlinkApi flink,
            FlinkConfigs configs,
            Clock clock,
            Ids ids,
            Reports reports,
            RetryTimes retry) {
        this.generations = requireNonNull(generations);
        this.cache = requireNonNull(cache);
        this.kubernetes = requireNonNull(kubernetes);
        this.flink = requireNonNull(flink);
        this.configs = requireNonNull(configs);
        this.clock = requireNonNull(clock);
        this.ids = requireNonNull(ids);
        this.reports = requireNonNull(reports);
        this.retry = requireNonNull(retry);
        this.backOffs = new BackOffs(retry.limit());
    }

    /** The passes that ended. */
    public PassCounts counts() {
        return counts;
    }

    /** One pass over one resource. Never throws what a resource, a plugin or the outside can cause. */
    public Requeue pass(ResourceRef ref) {
        var began = clock.instant();
        Outcome[] outcome = {Outcome.DONE};
        try (var working = WorkingFor.resource(ref);
                var namespace = MDC.putCloseable("namespace", ref.namespace());
                var name = MDC.putCloseable("name", ref.name());
                var kind = MDC.putCloseable("kind", ref.kind());
                var generation = generations.enter()) {
            var resourceKind = generation.platform().kinds().get(ref.kind());
            if (resourceKind == null) {
                LOG.debug("no plugin knows this kind");
                return Requeue.none();
            }
            var loaded = cache.resource(ref, resourceKind).map(resource -> ownWrites.newest(ref, resource));
            if (loaded.isEmpty()) {
                cache.unreadable(ref, resourceKind).ifPresent(this::report);
                ownWrites.forget(ref);
                backOffs.forget(ref);
                trials.forget(ref);
                flink.forget(ref);
                return Requeue.none();
            }
            var resource = loaded.get();
            return pass(
                            Pass.kindOf(resourceKind),
                            resource,
                            generation,
                            kubernetes,
                            trials,
                            problem -> outcome[0] = Outcome.of(problem.kind()))
                    .run();
        } catch (KubernetesError e) {
            outcome[0] = e.conflict() ? Outcome.CONFLICT : Outcome.API_ERROR;
            if (e.conflict()) {
                LOG.debug("the resource changed during the pass, which is dropped");
            } else {
                LOG.warn("the API server did not take part in this pass: {}", e.getMessage());
            }
            return e.kind() == ErrorKind.TRANSIENT
                    ? Requeue.backOff(Duration.ofSeconds(5))
                    : Requeue.backOff(retry.limit());
        } catch (PluginFailure e) {
            outcome[0] = Outcome.INTERNAL;
            // Before the pass: it is not known what is active for the resource, or what the resource says.
            LOG.warn("Reconciliation postponed: {}", e.getMessage());
            return Requeue.backOff(retry.limit());
        } catch (RuntimeException e) {
            outcome[0] = Outcome.INTERNAL;
            LOG.error("a pass failed, which is a bug", e);
            return Requeue.backOff(retry.limit());
        } finally {
            counts.add(outcome[0], Duration.between(began, clock.instant()));
        }
    }

    /** Only its owner can make it readable, and does not read the operator's log. */
    private void report(Unreadable unreadable) {
        unreadable
                .shell()
                .ifPresent(resource -> kubernetes.event(
                        resource,
                        Event.warning(
                                        "Operator",
                                        "UnreadableResource",
                                        "The resource cannot be read and is left alone, with its job as it is. "
                                                + unreadable.why())
                                .onceFor("unreadable-" + unreadable.why().hashCode())));
    }

    private Pass<CustomResource> pass(
            ResourceKind<CustomResource> kind,
            CustomResource resource,
            Generations.Entered generation,
            KubernetesApi api,
            LaunchTrials tried) {
        return pass(kind, resource, generation, api, tried, problem -> {});
    }

    private Pass<CustomResource> pass(
            ResourceKind<CustomResource> kind,
            CustomResource resource,
            Generations.Entered generation,
            KubernetesApi api,
            LaunchTrials tried,
            Consumer<Failure> problems) {
        var inForce = generation.inForce(resource, cache::namespaceLabels);
        return new Pass<>(
                kind,
                resource,
                inForce.features(),
                new Pass.World(
                        cache,
                        api,
                        flink,
                        inForce.configs(configs),
                        ownWrites,
                        backOffs,
                        tried,
                        report -> reports.tell(report, inForce.features(), generation),
                        problems,
                        ref -> namesakes(ref, kind, generation)),
                clock,
                ids.fresh(),
                retry.limit());
    }

    private List<Namesake> namesakes(
            ResourceRef ref, ResourceKind<CustomResource> kind, Generations.Entered generation) {
        return cache.resources().stream()
                .filter(other -> other.kind().equals(ref.kind())
                        && other.name().equals(ref.name())
                        && !other.namespace().equals(ref.namespace()))
                .flatMap(other -> cache
                        .resource(other, kind)
                        // Its state is there, whether its spec can be read or not.
                        .or(() -> cache.unreadable(other, kind).flatMap(Unreadable::shell))
                        .stream())
                .flatMap(other -> kind.deployed(other).stream())
                .map(other -> new Namesake(
                        other.ref(),
                        generation
                                .inForce(other, cache::namespaceLabels)
                                .configs(configs)
                                .effective(kind.configuration(other))))
                .toList();
    }

    /**
     * What a pass in this generation would begin. Does nothing, and reads only what is in memory.
     *
     * @return nothing for a resource that is not there, or of a kind that this generation does not know
     */
    @Override
    public Trial trial(ResourceRef ref, Generations.Entered generation) {
        var kind = generation.platform().kinds().get(ref.kind());
        if (kind == null) {
            return Trial.NOTHING;
        }
        try (var working = WorkingFor.resource(ref)) {
            return cache.resource(ref, kind)
                    .map(resource -> ownWrites.newest(ref, resource))
                    .map(resource -> pass(Pass.kindOf(kind), resource, generation, new NothingLive(), trials)
                            .trial())
                    .orElse(Trial.NOTHING);
        } catch (RuntimeException e) {
            return new Trial(Optional.empty(), Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
        }
    }

    /**
     * What would be done about a resource if its spec were this one, by the same decision that a pass makes. Does nothing;
     * reads what is in memory, and live what the decision asks for.
     *
     * @param manifest as a user would apply it
     * @throws IllegalArgumentException when it cannot be read; the message names the field, what it holds, what it may
     *     hold and the mend
     * @throws KubernetesError when the API server does not answer
     */
    public PlanReport plan(JsonNode manifest) {
        try (var generation = generations.enter()) {
            var proposed = Proposed.read(manifest, generation.platform().kinds());
            var kind = Pass.kindOf(proposed.kind());
            var live = cache.resource(proposed.ref(), kind).map(resource -> ownWrites.newest(proposed.ref(), resource));
            try (var working = WorkingFor.resource(proposed.ref())) {
                // What is tried for a plan says nothing about the edit that may follow.
                return pass(kind, proposed.over(live), generation, kubernetes, new LaunchTrials())
                        .plan(live);
            } finally {
                if (live.isEmpty()) {
                    // Nobody is to be told of what is seen for it.
                    flink.forget(proposed.ref());
                }
            }
        }
    }
}
