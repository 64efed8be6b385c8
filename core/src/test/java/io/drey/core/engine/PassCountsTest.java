package io.drey.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.core.config.FlinkConfigs;
import io.drey.core.engine.PassCounts.Outcome;
import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.Generations;
import io.drey.core.port.FlinkApi;
import io.drey.core.port.KubernetesApi;
import io.drey.core.port.KubernetesError;
import io.drey.core.port.ResourceCache;
import io.drey.spi.ResourceKind;
import io.drey.spi.resource.ResourceRef;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class PassCountsTest {
    private static final String KIND = "FlinkDeployment";

    private Supplier<? extends RuntimeException> thrown = UnsupportedOperationException::new;

    private final FeatureSet features = new FeatureSet(
            Map.of(KIND, failing(ResourceKind.class)),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            List.of());
    private final Engine engine = new Engine(
            () -> answering(Generations.Entered.class, Map.of("platform", features)),
            failing(ResourceCache.class),
            failing(KubernetesApi.class),
            failing(FlinkApi.class),
            failing(FlinkConfigs.class),
            Clock.fixed(Instant.EPOCH, ZoneOffset.UTC),
            () -> "0",
            (report, to, generation) -> {},
            new Engine.RetryTimes(Duration.ofMinutes(1)));

    private <T> T failing(Class<T> port) {
        return answering(port, Map.of());
    }

    /** Answers these methods; all others that return something throw. */
    private <T> T answering(Class<T> port, Map<String, Object> answers) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (proxy, method, args) -> {
            if (answers.containsKey(method.getName()) || method.getReturnType() == void.class) {
                return answers.get(method.getName());
            }
            throw thrown.get();
        }));
    }

    private long pass(Outcome outcome, Supplier<? extends RuntimeException> failure) {
        thrown = failure;
        engine.pass(new ResourceRef(KIND, "shop", "orders"));
        return engine.counts().of(outcome).count();
    }

    @Test
    void a_bug_is_an_internal_failure_and_a_refusal_by_the_API_server_is_not() {
        assertThat(pass(Outcome.INTERNAL, () -> new IllegalStateException("a bug")))
                .isEqualTo(1);
        assertThat(pass(Outcome.API_ERROR, () -> new KubernetesError(503, "busy")))
                .isEqualTo(1);
        assertThat(pass(Outcome.CONFLICT, () -> new KubernetesError(409, "changed")))
                .isEqualTo(1);
        assertThat(engine.counts().of(Outcome.INTERNAL).count()).isEqualTo(1);
    }
}
