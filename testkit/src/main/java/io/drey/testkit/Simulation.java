package io.drey.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.drey.core.engine.Engine;
import io.drey.core.engine.PlanReport;
import io.drey.core.engine.SwapCheck;
import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.Generations;
import io.drey.core.generation.InForce;
import io.drey.core.loop.Requeue;
import io.drey.core.port.KubernetesApi;
import io.drey.core.port.ResourceCache;
import io.drey.spi.FeaturePolicy.Policy;
import io.drey.spi.Listener.ReconcileReport;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The real engine over an in-memory cluster and Flink, on a virtual clock. A crash of the operator is a new engine over
 * the same cluster. Not thread-safe.
 */
public final class Simulation {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final VirtualClock clock = new VirtualClock();
    private final Faults faults = new Faults();
    private final FeatureSet features;
    private final UnaryOperator<KubernetesApi> port;
    private FlinkConfig platform;
    private final FakeKubernetes kubernetes;
    private final FakeFlink flink;
    private final FakeCluster cluster;
    private final List<ReconcileReport> reports = new ArrayList<>();
    private Engine engine;
    private int ids;

    /**
     * @param features as a plugin host would give them
     * @param platform configuration under every resource's
     */
    public Simulation(FeatureSet features, FlinkConfig platform) {
        this(features, platform, UnaryOperator.identity());
    }

    /**
     * The same, with something between the engine and the API server.
     *
     * @param port what the engine gets in place of the API server
     */
    public Simulation(FeatureSet features, FlinkConfig platform, UnaryOperator<KubernetesApi> port) {
        this.features = features;
        this.platform = platform;
        this.port = port;
        this.kubernetes = new FakeKubernetes(features.kinds(), faults);
        kubernetes.watches(features.factSources().stream()
                .flatMap(source -> source.needs().stream())
                .toList());
        this.flink = new FakeFlink(clock, faults, kubernetes);
        this.cluster = new FakeCluster(kubernetes, flink);
        this.engine = newEngine(kubernetes.cache(), clock);
    }

    private Engine newEngine(ResourceCache cache, Clock time) {
        return new Engine(
                new Fixed(features),
                cache,
                port.apply(kubernetes),
                flink,
                (request, tenant) -> platform.with(tenant).with(request.own()),
                time,
                () -> String.format("%032x", ++ids),
                (report, to, generation) -> reports.add(report),
                new Engine.RetryTimes(Duration.ofMinutes(1)));
    }

    /** The operator's process ends and another one starts: all that was in memory is gone. */
    public void restart() {
        restart(Duration.ZERO);
    }

    /**
     * The same, and the other process is on a machine with another clock.
     *
     * @param ahead how far that is ahead of everybody else's
     */
    public void restart(Duration ahead) {
        flink.operatorEnds(ahead);
        engine = newEngine(kubernetes.cache(), Clock.offset(clock, ahead));
    }

    /** The engine of another operator's process over the same cluster, which sees it through these informers. */
    public Engine another(ResourceCache cache) {
        return newEngine(cache, clock);
    }

    /** From now on these are the operator's defaults. */
    public void defaults(FlinkConfig now) {
        platform = now;
    }

    /**
     * One pass.
     *
     * @throws AssertionError when it leaves an operation without a time to look again
     */
    public Requeue pass(ResourceRef ref) {
        var requeue = engine.pass(ref);
        var key = new ObjectKey("flink.apache.org/v1beta1", ref.kind(), ref.namespace(), ref.name());
        // A cache that is behind will enqueue the resource when it catches up.
        boolean operation = Stream.of(kubernetes.cache().object(key), kubernetes.peek(key))
                .allMatch(
                        seen -> seen.filter(resource -> resource.path("status").has("operation"))
                                .isPresent());
        if (operation && requeue instanceof Requeue.None) {
            throw new AssertionError("an operation is left without a time to look again: " + status(ref));
        }
        return requeue;
    }

    /**
     * One pass, with the world going on after it. A crash of the operator is followed by its restart.
     *
     * @param time until the next one
     */
    public void step(ResourceRef ref, Duration time) {
        try {
            pass(ref);
        } catch (Crash crash) {
            restart();
        }
        cluster.settle();
        clock.advance(time);
    }

    /**
     * Steps of a second until the status is so.
     *
     * @throws AssertionError when it is not within so many
     */
    public void stepUntil(ResourceRef ref, int atMost, Predicate<JsonNode> holds) {
        for (int steps = 0; steps < atMost; steps++) {
            if (holds.test(status(ref))) {
                return;
            }
            step(ref, Duration.ofSeconds(1));
        }
        throw new AssertionError("never so: " + status(ref));
    }

    /**
     * Passes, with the world going on between them, until the operator asks for no further pass and the world stands
     * still. A crash is followed by a restart.
     *
     * @throws AssertionError when that does not happen within 60 passes
     */
    public void converge(ResourceRef ref) {
        converge(ref, Duration.ofSeconds(1));
    }

    /**
     * The same with more or less time between two passes.
     *
     * @param step how much
     */
    public void converge(ResourceRef ref, Duration step) {
        int quiet = 0;
        for (int passes = 0; passes < 60; passes++) {
            int before = kubernetes.log().size();
            step(ref, step);
            quiet = kubernetes.log().size() == before ? quiet + 1 : 0;
            if (quiet == 3) {
                return;
            }
        }
        throw new AssertionError("does not converge: " + kubernetes.log());
    }

    /** What a user does with {@code kubectl apply -f}. */
    public ResourceRef apply(String yaml) {
        var resource = parse(yaml);
        kubernetes.userApplies(resource);
        return ref(resource);
    }

    /** What a user does with {@code kubectl delete}. */
    public void delete(ResourceRef ref) {
        kubernetes.userDeletes(new ObjectKey("flink.apache.org/v1beta1", ref.kind(), ref.namespace(), ref.name()));
    }

    /** The status as it is stored. */
    public JsonNode status(ResourceRef ref) {
        return kubernetes
                .peek(new ObjectKey("flink.apache.org/v1beta1", ref.kind(), ref.namespace(), ref.name()))
                .map(resource -> resource.path("status"))
                .orElseThrow(() -> new AssertionError(ref + " is gone"));
    }

    /** Whether the resource is still there. */
    public boolean exists(ResourceRef ref) {
        return kubernetes
                .peek(new ObjectKey("flink.apache.org/v1beta1", ref.kind(), ref.namespace(), ref.name()))
                .isPresent();
    }

    /** YAML as JSON. */
    public static JsonNode parse(String yaml) {
        try {
            return YAML.readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ResourceRef ref(JsonNode resource) {
        var key = ObjectKey.of(resource);
        return new ResourceRef(key.kind(), key.namespace(), key.name());
    }

    /** The clock. */
    public VirtualClock clock() {
        return clock;
    }

    /** Crashes. */
    public Faults faults() {
        return faults;
    }

    /** The API server. */
    public FakeKubernetes kubernetes() {
        return kubernetes;
    }

    /** Flink. */
    public FakeFlink flink() {
        return flink;
    }

    /** What goes on by itself. */
    public FakeCluster cluster() {
        return cluster;
    }

    /** What {@code drey plan -f} shows of this, without doing it. */
    public PlanReport plan(String yaml) {
        return engine.plan(parse(yaml));
    }

    /** What an exchange of plugins for these would do to resources, as the operator checks it before. */
    public List<String> swapFindings(FeatureSet next) {
        return SwapCheck.lines(new SwapCheck(engine, kubernetes.cache())
                .findings(new Fixed(next).enter(), new Fixed(features).enter()));
    }

    /** What listeners were told. */
    public List<ReconcileReport> reports() {
        return List.copyOf(reports);
    }

    /** One generation for ever. */
    private record Fixed(FeatureSet features) implements Generations {
        @Override
        public Entered enter() {
            return new Entered() {
                @Override
                public InForce inForce(CustomResource resource, Function<String, Map<String, String>> namespaceLabels) {
                    return new InForce(features, Policy.NONE);
                }

                @Override
                public boolean readsNamespaceLabels() {
                    return false;
                }

                @Override
                public FeatureSet platform() {
                    return features;
                }

                @Override
                public Entered again() {
                    return this;
                }

                @Override
                public void close() {}
            };
        }
    }
}
