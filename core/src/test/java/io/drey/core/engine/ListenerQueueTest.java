package io.drey.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.common.util.concurrent.Uninterruptibles;
import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.Generations.Entered;
import io.drey.core.generation.InForce;
import io.drey.spi.Listener;
import io.drey.spi.Listener.ReconcileReport;
import io.drey.spi.plan.Plan;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ListenerQueueTest {
    private static FeatureSet features(Listener... listeners) {
        return new FeatureSet(
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                List.of(listeners));
    }

    private static ReconcileReport report(int size) {
        return new ReconcileReport(
                new ResourceRef("FlinkDeployment", "shop", "orders"),
                "uid",
                1,
                Instant.EPOCH,
                Duration.ZERO,
                JsonNodeFactory.instance.objectNode(),
                JsonNodeFactory.instance.objectNode().put("lastReconciledSpec", "x".repeat(size)),
                Plan.EMPTY,
                Map.of(),
                List.of());
    }

    /** A generation that counts who is inside. */
    private static final class Counted implements Entered {
        private final AtomicInteger inside = new AtomicInteger();

        @Override
        public InForce inForce(CustomResource resource, Function<String, Map<String, String>> namespaceLabels) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean readsNamespaceLabels() {
            return false;
        }

        @Override
        public FeatureSet platform() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Entered again() {
            inside.incrementAndGet();
            return this;
        }

        @Override
        public void close() {
            inside.decrementAndGet();
        }
    }

    private final Counted generation = new Counted();

    @Test
    void reports_that_a_slow_listener_leaves_waiting_are_bounded_by_their_size() {
        var free = new CountDownLatch(1);
        try (var queue = new ListenerQueue()) {
            var features = features(report -> Uninterruptibles.awaitUninterruptibly(free));
            for (int i = 0; i < 100; i++) {
                queue.tell(report(1 << 20), features, generation);
            }

            assertThat(queue.counts().dropped()).as("of 100 MB").isBetween(60L, 80L);
            assertThat(queue.counts().bytes()).isLessThanOrEqualTo(32L << 20);
            free.countDown();
            await().until(() -> queue.counts().waiting() == 0);
            assertThat(queue.counts().bytes()).isZero();
            assertThat(queue.counts().delivered() + queue.counts().dropped()).isEqualTo(100);
        }
    }

    @Test
    void a_waiting_report_stays_inside_its_generation() {
        var free = new CountDownLatch(1);
        try (var queue = new ListenerQueue()) {
            var features = features(report -> Uninterruptibles.awaitUninterruptibly(free), report -> {
                if (generation.inside.get() == 0) {
                    throw new IllegalStateException("called after its generation was left");
                }
            });
            queue.tell(report(1), features, generation);
            queue.tell(report(1), features, generation);

            assertThat(generation.inside).hasValue(2);
            free.countDown();
            await().until(() -> queue.counts().waiting() == 0);
            assertThat(queue.counts().delivered()).isEqualTo(4);
            assertThat(generation.inside).hasValue(0);
        }
    }

    @Test
    void a_listener_that_does_not_return_costs_only_its_own_report() throws Exception {
        var inside = new CountDownLatch(1);
        var free = new CountDownLatch(1);
        var stuck = new AtomicReference<Thread>();
        List<Long> seen = new CopyOnWriteArrayList<>();
        try (var queue = new ListenerQueue()) {
            var features = features(
                    report -> {
                        if (stuck.compareAndSet(null, Thread.currentThread())) {
                            inside.countDown();
                            Uninterruptibles.awaitUninterruptibly(free);
                        }
                    },
                    report -> seen.add(report.generation()));
            queue.tell(report(1), features, generation);
            queue.tell(report(1), features, generation);
            inside.await();

            assertThat(queue.giveUp(Thread.currentThread(), "it is another one"))
                    .isFalse();
            assertThat(queue.giveUp(stuck.get(), "it hangs")).isTrue();

            await().until(() -> queue.counts().waiting() == 0);
            free.countDown();
            stuck.get().join();
            assertThat(seen).as("the other listener").hasSize(2);
            assertThat(queue.counts().failed()).isEqualTo(1);
            assertThat(generation.inside).hasValue(0);
        }
    }

    @Test
    void closing_leaves_the_generations_of_what_waits() throws Exception {
        var inside = new CountDownLatch(1);
        var free = new CountDownLatch(1);
        var queue = new ListenerQueue();
        var features = features(report -> {
            inside.countDown();
            Uninterruptibles.awaitUninterruptibly(free);
        });
        for (int i = 0; i < 10; i++) {
            queue.tell(report(1), features, generation);
        }
        inside.await();

        queue.close();
        free.countDown();

        await().until(() -> generation.inside.get() == 0);
        queue.tell(report(1), features, generation);
        assertThat(generation.inside).as("after the end").hasValue(0);
    }
}
