package io.drey.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.drey.core.generation.Contribution;
import io.drey.spi.AdmissionRule;
import io.drey.spi.Deployer;
import io.drey.spi.Listener;
import io.drey.spi.Proposer;
import io.drey.spi.Situation;
import io.drey.spi.UpgradeStrategy;
import io.drey.spi.config.BadConfig;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.MissingFact;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.plan.Proposal;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
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
            if (method.getParameterCount() == 0) {
                return "constant";
            }
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
        assertThatThrownBy(() -> throwing(UpgradeStrategy.class, new BadConfig("a.b", "x", "a number"))
                        .choose(null))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("a.b: found 'x', must be a number");
    }

    @Test
    void constantsAreReadOnceAndNeverRefusedLater() {
        var asked = new AtomicInteger();
        var calls = new PluginCalls("counted", LOADER, WATCH);
        var proposer = Gateway.guard(
                Proposer.class,
                new Proposer() {
                    @Override
                    public Set<String> kinds() {
                        asked.incrementAndGet();
                        return Set.of("FlinkDeployment");
                    }

                    @Override
                    public Tier tier() {
                        return Tier.REMEDY;
                    }

                    @Override
                    public Proposal propose(Situation situation) {
                        throw new OutOfMemoryError("of the test");
                    }
                },
                calls);
        assertThat(catchThrowable(() -> proposer.propose(null))).isInstanceOf(PluginFailure.class);
        assertThat(calls.counts().quarantined()).isEqualTo(1);

        assertThat(proposer.kinds()).containsExactly("FlinkDeployment");
        assertThat(proposer.tier()).isEqualTo(Proposer.Tier.REMEDY);
        assertThat(proposer.cause()).isEqualTo(Cause.CHANGE);
        assertThat(asked).hasValue(1);
        assertThat(calls.counts().refused()).isZero();
        assertThat(Contribution.pluginOf(proposer)).isEqualTo("counted");
    }

    @Test
    void aPluginWhoseConstantsCannotBeReadIsNotLoaded() {
        assertThatThrownBy(() -> Gateway.guard(
                        AdmissionRule.class,
                        new AdmissionRule() {
                            @Override
                            public int order() {
                                throw new IllegalStateException("no order");
                            }

                            @Override
                            public List<Violation> check(AdmissionRequest request) {
                                return List.of();
                            }
                        },
                        new PluginCalls("unordered", LOADER, WATCH)))
                .hasMessage("plugin unordered failed in AdmissionRule.order: IllegalStateException: no order");
    }

    @Test
    void theProcessMayDieOfWhatItCannotSurvive() {
        assertThatThrownBy(() -> call(new InternalError("broken"))).isInstanceOf(InternalError.class);
    }
}
