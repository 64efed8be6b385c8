package io.drey.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.core.generation.FeatureSet;
import io.drey.core.port.FlinkViews;
import io.drey.core.port.KubernetesApi;
import io.drey.core.port.ResourceCache;
import io.drey.spi.FactSource;
import io.drey.spi.Situation;
import io.drey.spi.SpecDiff;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.Facts;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.fact.MissingFact;
import io.drey.spi.fact.Reading;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.resource.ResourceMapper;
import io.drey.spi.resource.ResourceRef;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How old a fact is. */
class FactReaderTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final FlinkRef FIRST = new FlinkRef("tests", "first", 8081);
    private static final FlinkRef SECOND = new FlinkRef("tests", "second", 8081);

    /** When each JobManager was polled. */
    private final Map<FlinkRef, Instant> polled = Map.of(FIRST, NOW.minusSeconds(4), SECOND, NOW.minusSeconds(2));

    @Test
    @DisplayName("what the poller saw is as old as the poll, not as the pass")
    void polledBefore() {
        assertThat(read(context -> context.flink(FIRST, Duration.ZERO).jobs()))
                .isEqualTo(new Reading.Known<>(FlinkJobs.UNREACHABLE, NOW.minusSeconds(4)));
    }

    @Test
    @DisplayName("a fact from two polls is as old as the older one")
    void oldest() {
        assertThat(read(context -> {
                    context.flink(SECOND, Duration.ZERO);
                    context.flink(FIRST, Duration.ZERO);
                    return context.flink(SECOND, Duration.ZERO).jobs();
                }))
                .isEqualTo(new Reading.Known<>(FlinkJobs.UNREACHABLE, NOW.minusSeconds(4)));
    }

    @Test
    @DisplayName("what was read now is of now")
    void readNow() {
        assertThat(read(context -> FlinkJobs.UNREACHABLE)).isEqualTo(new Reading.Known<>(FlinkJobs.UNREACHABLE, NOW));
    }

    @Test
    @DisplayName("a decision that asks for newer facts does not get an older one")
    void olderThanAsked() {
        var facts = facts(context -> context.flink(FIRST, Duration.ZERO).jobs());

        assertThat(facts.find(FlinkJobs.TYPE, NOW.minusSeconds(4))).isPresent();
        assertThat(facts.find(FlinkJobs.TYPE, NOW.minusSeconds(3))).isEmpty();
    }

    @Test
    @DisplayName("what nobody has seen yet is not read, and has no age")
    void notSeenYet() {
        assertThat(read(context -> {
                    throw new MissingFact(FlinkJobs.TYPE);
                }))
                .isEqualTo(new Reading.NotRead<>());
    }

    private Reading<FlinkJobs> read(Function<FactSource.ObserveContext, FlinkJobs> source) {
        return facts(source).reading(FlinkJobs.TYPE);
    }

    private Facts facts(Function<FactSource.ObserveContext, FlinkJobs> source) {
        return new FactReader(
                        List.of(new Source(source)),
                        untouched(ResourceCache.class),
                        untouched(KubernetesApi.class),
                        new Seen(polled),
                        Clock.fixed(NOW, ZoneOffset.UTC),
                        untouched(Namesakes.class))
                .routine(situation());
    }

    /** What a poller has seen of some clusters; nobody asks for more here. */
    private record Seen(Map<FlinkRef, Instant> polled) implements FlinkViews {
        @Override
        public FactSource.Polled view(ResourceRef subscriber, FlinkRef flink, Optional<String> job, Duration every) {
            return new FactSource.Polled(FlinkJobs.UNREACHABLE, polled.getOrDefault(flink, Instant.MIN));
        }

        @Override
        public JobCheckpoints checkpoints(ResourceRef subscriber, FlinkRef flink, String jobId) {
            throw new AssertionError("nobody asks for checkpoints");
        }

        @Override
        public FactSource.Document document(ResourceRef subscriber, FlinkRef flink, FactSource.DocumentQuery query) {
            throw new AssertionError("nobody asks for documents");
        }
    }

    private record Source(Function<FactSource.ObserveContext, FlinkJobs> read) implements FactSource<FlinkJobs> {
        @Override
        public FactType<FlinkJobs> factType() {
            return FlinkJobs.TYPE;
        }

        @Override
        public List<Watch> needs() {
            return List.of();
        }

        @Override
        public boolean when(Situation situation) {
            return true;
        }

        @Override
        public FlinkJobs read(ObserveContext context) {
            return read.apply(context);
        }
    }

    /** A port that fails the test when it is used. */
    private static <T> T untouched(Class<T> port) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (self, method, args) -> {
            throw new AssertionError("nobody asked for this: " + method);
        }));
    }

    private static PassSituation situation() {
        var raw = JsonNodeFactory.instance.objectNode();
        raw.put("apiVersion", "flink.apache.org/v1beta1").put("kind", "FlinkDeployment");
        raw.withObject("/metadata").put("namespace", "tests").put("name", "job").put("uid", "uid-1");
        raw.withObject("/spec");
        return new PassSituation(
                new ResourceMapper().deployment(raw),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                SpecDiff.NONE,
                List.of(),
                Optional.empty(),
                Facts.NONE,
                FlinkConfig.EMPTY,
                FlinkConfig.EMPTY,
                NOW,
                "0".repeat(32),
                new FeatureSet(
                        Map.of(), List.of(), List.of(), List.of(), Map.of(), Map.of(), List.of(), List.of(), List.of(),
                        Map.of(), List.of()),
                target -> FlinkConfig.EMPTY);
    }
}
