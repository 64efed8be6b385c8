package io.drey.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.drey.spi.Deployer;
import io.drey.spi.Listener;
import io.drey.spi.Proposer;
import io.drey.spi.config.BadConfig;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.MissingFact;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

class GatewayTest {
    private static final ClassLoader LOADER = new URLClassLoader(new URL[0]);

    private static final CallWatch WATCH = new CallWatch(CallWatch.Limits.within(Duration.ofSeconds(30)));
    private static final PluginCalls BAD = new PluginCalls("bad", LOADER, WATCH);

    private static void call(Throwable thrown) {
        Gateway.guard(Listener.class, report -> sneak(thrown), BAD).onReport(null);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private static <T> T throwing(Class<T> point, Throwable thrown) {
        var contribution = Proxy.newProxyInstance(LOADER, new Class<?>[] {point}, (proxy, method, arguments) -> {
            throw thrown;
        });
        return Gateway.guard(point, point.cast(contribution), BAD);
    }

    @Test
    void runsWithThePluginsLoaderAndItsIdInTheLog() {
        var seen = new AtomicReference<String>();
        var before = Thread.currentThread().getContextClassLoader();

        Gateway.guard(
                        Listener.class,
                        report -> seen.set(
                                MDC.get("plugin") + (Thread.currentThread().getContextClassLoader() == LOADER)),
                        new PluginCalls("good", LOADER, WATCH))
                .onReport(null);

        assertThat(seen).hasValue("goodtrue");
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
        assertThat(MDC.get("plugin")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                IllegalStateException.class,
                IllegalArgumentException.class,
                java.util.ServiceConfigurationError.class,
                NoClassDefFoundError.class,
                StackOverflowError.class,
                java.io.IOException.class
            })
    void whatAPluginThrowsBecomesText(Class<? extends Throwable> type) throws ReflectiveOperationException {
        var thrown = type.getConstructor(String.class).newInstance("because");

        assertThatThrownBy(() -> call(thrown))
                .isExactlyInstanceOf(PluginFailure.class)
                .hasMessage("plugin bad failed in Listener.onReport: " + type.getSimpleName() + ": because")
                .hasNoCause()
                .hasNoSuppressedExceptions()
                .satisfies(failure -> assertThat(failure.getStackTrace()).isEmpty())
                .isInstanceOfSatisfying(PluginFailure.class, failure -> {
                    assertThat(failure.pluginId()).isEqualTo("bad");
                    assertThat(failure.point()).isEqualTo("Listener.onReport");
                });
    }

    @Test
    void aMissingFactIsLetThrough() {
        var missing = new MissingFact(new FactType<>("size", Integer.class));

        assertThat(catchThrowable(() -> call(missing))).isSameAs(missing);
    }

    @Test
    void whatTheUserWroteStaysTheUsersError() {
        assertThatThrownBy(() -> throwing(Deployer.class, new IllegalArgumentException("spec.image: missing"))
                        .render(null))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("spec.image: missing");
        assertThatThrownBy(() -> throwing(Proposer.class, new BadConfig("a.b", "x", "a number"))
                        .propose(null))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("a.b: found 'x', must be a number");
    }

    @Test
    void theProcessMayDieOfWhatItCannotSurvive() {
        assertThatThrownBy(() -> call(new InternalError("broken"))).isInstanceOf(InternalError.class);
    }
}
