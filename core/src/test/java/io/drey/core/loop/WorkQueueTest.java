package io.drey.core.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.core.port.Schedule.Priority;
import io.drey.spi.resource.ResourceRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a clock that stands still unless a test moves it. The first half are the cases that client-go's queue is held to. */
@Timeout(30)
class WorkQueueTest {
    private static final ResourceRef FOO = key("foo");
    private static final ResourceRef BAR = key("bar");
    private static final Duration LONG = Duration.ofHours(1);

    // Near the end of the range, where a clock of nanoseconds turns negative.
    private final AtomicLong now =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(2).toNanos());
    private final WorkQueue queue = new WorkQueue(now::get, WorkQueue.RetryTimes.DEFAULT);

    private static ResourceRef key(String name) {
        return new ResourceRef("FlinkDeployment", "default", name);
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private List<ResourceRef> drain() {
        List<ResourceRef> taken = new ArrayList<>();
        for (var next = queue.takeNow(); next.isPresent(); next = queue.takeNow()) {
            taken.add(next.get());
        }
        return taken;
    }

    @Test
    @DisplayName("a key waits once, however often it is added")
    void dedupe() {
        queue.enqueue(FOO, Priority.EVENT);
        queue.enqueue(BAR, Priority.EVENT);
        queue.enqueue(FOO, Priority.EVENT);

        assertThat(queue.size()).isEqualTo(2);
        assertThat(drain()).containsExactly(FOO, BAR);
    }

    @Test
    @DisplayName("a key that is added while a worker has it is handed out after that worker is done, once")
    void addWhileProcessing() {
        queue.enqueue(FOO, Priority.EVENT);
        assertThat(queue.takeNow()).contains(FOO);

        queue.enqueue(FOO, Priority.EVENT);
        queue.enqueue(FOO, Priority.EVENT);
        assertThat(queue.takeNow()).isEmpty();

        queue.done(FOO, Requeue.none());
        assertThat(drain()).containsExactly(FOO);
        queue.done(FOO, Requeue.none());
        assertThat(queue.size()).isZero();
    }

    @Test
    @DisplayName("a key that was not added again is not handed out again")
    void doneWithoutAdd() {
        queue.enqueue(FOO, Priority.EVENT);
        queue.takeNow();
        queue.done(FOO, Requeue.none());

        assertThat(queue.takeNow()).isEmpty();
        assertThat(queue.counts()).isEqualTo(new WorkQueue.Counts(0, 0, 0, 1, 0));
    }

    @Test
    @DisplayName("a delayed key is due when its time has come, not before")
    void delayed() {
        queue.enqueueAfter(FOO, Duration.ofMillis(50));
        assertThat(queue.takeNow()).isEmpty();

        pass(Duration.ofMillis(49));
        assertThat(queue.takeNow()).isEmpty();

        pass(Duration.ofMillis(1));
        assertThat(drain()).containsExactly(FOO);
        pass(LONG);
        assertThat(queue.takeNow()).isEmpty();
    }

    @Test
    @DisplayName("of two delays the earlier end counts, in whatever order they are asked for")
    void earliestWins() {
        queue.enqueueAfter(FOO, Duration.ofSeconds(1));
        queue.enqueueAfter(FOO, Duration.ofMillis(30));
        queue.enqueueAfter(FOO, Duration.ofSeconds(5));
        assertThat(queue.counts().delayed()).isEqualTo(1);

        pass(Duration.ofMillis(30));
        assertThat(drain()).containsExactly(FOO);
        queue.done(FOO, Requeue.none());

        pass(LONG);
        assertThat(queue.takeNow()).isEmpty();
    }

    @Test
    @DisplayName("delayed keys come in the order of their times, over the end of the clock's range")
    void order() {
        queue.enqueueAfter(key("three"), Duration.ofSeconds(3));
        queue.enqueueAfter(key("one"), Duration.ofSeconds(1));
        queue.enqueueAfter(key("two"), Duration.ofSeconds(2));

        pass(Duration.ofSeconds(2));
        assertThat(drain()).containsExactly(key("one"), key("two"));
        pass(Duration.ofSeconds(1));
        assertThat(drain()).containsExactly(key("three"));
    }

    @Test
    @DisplayName(
            "a key whose pass fails again and again waits twice as long each time, up to a limit; success forgets that")
    void backOffAsConfigured() {
        var times = new WorkQueue.RetryTimes(Duration.ofSeconds(4), 1.5);
        assertThat(times.after(1, LONG)).isEqualTo(Duration.ofSeconds(4));
        assertThat(times.after(2, LONG)).isEqualTo(Duration.ofSeconds(6));
        assertThat(times.after(3, Duration.ofSeconds(8))).isEqualTo(Duration.ofSeconds(8));
        assertThat(times.after(Integer.MAX_VALUE, LONG)).isEqualTo(LONG);
    }

    @Test
    void backOff() {
        List<Duration> waits = new ArrayList<>();
        queue.enqueue(FOO, Priority.EDIT);
        queue.takeNow();
        for (int i = 0; i < 8; i++) {
            queue.done(FOO, Requeue.backOff(Duration.ofSeconds(10)));
            waits.add(timeUntilDue());
        }
        assertThat(waits)
                .containsExactly(
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10));

        queue.done(FOO, Requeue.after(Duration.ofSeconds(3)));
        assertThat(timeUntilDue()).isEqualTo(Duration.ofSeconds(3));
        queue.done(FOO, Requeue.backOff(Duration.ofSeconds(10)));
        assertThat(timeUntilDue()).isEqualTo(Duration.ofMillis(500));
    }

    /** Moves the clock to when the next key is due, and takes it. */
    private Duration timeUntilDue() {
        var waited = Duration.ZERO;
        while (queue.takeNow().isEmpty()) {
            pass(Duration.ofMillis(500));
            waited = waited.plusMillis(500);
        }
        return waited;
    }

    @Test
    @DisplayName("a key that backs off is due at once when something happens to it")
    void eventsOvertakeBackOff() {
        queue.enqueue(FOO, Priority.EVENT);
        queue.takeNow();
        queue.done(FOO, Requeue.backOff(LONG));
        assertThat(queue.takeNow()).isEmpty();

        queue.enqueue(FOO, Priority.EDIT);
        assertThat(queue.takeNow()).contains(FOO);
    }

    @Test
    @DisplayName("edits go before events, and events before polls")
    void priorities() {
        queue.enqueue(key("poll"), Priority.POLL);
        queue.enqueue(key("event"), Priority.EVENT);
        queue.enqueue(key("edit"), Priority.EDIT);

        assertThat(drain()).containsExactly(key("edit"), key("event"), key("poll"));
    }

    @Test
    @DisplayName("a waiting key moves up when it is added with a higher priority, and does not move down")
    void raised() {
        queue.enqueue(key("event"), Priority.EVENT);
        queue.enqueue(FOO, Priority.POLL);
        queue.enqueue(FOO, Priority.EDIT);
        queue.enqueue(FOO, Priority.POLL);

        assertThat(drain()).containsExactly(FOO, key("event"));
    }

    @Test
    @DisplayName("what is added while a worker has the key keeps its highest priority")
    void raisedWhileProcessing() {
        queue.enqueue(FOO, Priority.POLL);
        queue.takeNow();
        queue.enqueue(FOO, Priority.POLL);
        queue.enqueue(FOO, Priority.EDIT);
        queue.enqueue(BAR, Priority.EVENT);
        queue.done(FOO, Requeue.none());

        assertThat(drain()).containsExactly(FOO, BAR);
    }

    @Test
    @DisplayName("a flood of edits starves neither events nor polls")
    void noStarvation() {
        queue.enqueue(key("poll"), Priority.POLL);
        queue.enqueue(key("event"), Priority.EVENT);
        List<ResourceRef> served = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            queue.enqueue(key("edit-" + i), Priority.EDIT);
            queue.enqueue(key("more-" + i), Priority.EDIT);
            served.add(queue.takeNow().orElseThrow());
        }
        assertThat(served).contains(key("poll"), key("event"));
    }

    @Test
    @DisplayName("a namespace with many keys does not hold up one with a single key")
    void namespacesTakeTurns() {
        for (int i = 0; i < 100; i++) {
            queue.enqueue(new ResourceRef("FlinkDeployment", "big", "job-" + i), Priority.EVENT);
        }
        var single = new ResourceRef("FlinkDeployment", "small", "job");
        queue.enqueue(single, Priority.EVENT);

        queue.takeNow();
        assertThat(queue.takeNow()).contains(single);
    }

    @Test
    @DisplayName("a worker that waits is woken by a key, by a shorter delay than the one it waits for, and by the end")
    void wakes() throws Exception {
        var real = new WorkQueue(System::nanoTime, WorkQueue.RetryTimes.DEFAULT);
        real.enqueueAfter(BAR, LONG);
        var first = take(real);
        real.enqueueAfter(FOO, Duration.ofMillis(20));
        assertThat(first.get(10, TimeUnit.SECONDS)).contains(FOO);

        var second = take(real);
        real.enqueue(BAR, Priority.EDIT);
        assertThat(second.get(10, TimeUnit.SECONDS)).contains(BAR);

        var third = take(real);
        real.close();
        assertThat(third.get(10, TimeUnit.SECONDS)).isEmpty();
        real.enqueue(FOO, Priority.EDIT);
        assertThat(real.size()).isZero();
    }

    private static CompletableFuture<Optional<ResourceRef>> take(WorkQueue from) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return from.take();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    @DisplayName("no key is ever in two workers, and none that was added is lost")
    void manyWorkers() throws Exception {
        var real = new WorkQueue(System::nanoTime, WorkQueue.RetryTimes.DEFAULT);
        var inside = new ConcurrentHashMap<ResourceRef, Thread>();
        var clashes = new AtomicInteger();
        var asked = new ConcurrentHashMap<ResourceRef, Integer>();
        var seen = new ConcurrentHashMap<ResourceRef, Integer>();
        var workers = new CountDownLatch(8);
        for (int i = 0; i < 8; i++) {
            Thread.ofPlatform().start(() -> {
                try {
                    for (var next = real.take(); next.isPresent(); next = real.take()) {
                        var ref = next.get();
                        if (inside.putIfAbsent(ref, Thread.currentThread()) != null) {
                            clashes.incrementAndGet();
                        }
                        seen.put(ref, asked.get(ref));
                        inside.remove(ref);
                        real.done(ref, Requeue.none());
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                workers.countDown();
            });
        }
        for (int i = 0; i < 20_000; i++) {
            asked.put(key("job-" + i % 7), i);
            real.enqueue(key("job-" + i % 7), Priority.values()[i % 3]);
        }
        while (real.counts().due() + real.counts().taken() > 0) {
            Thread.onSpinWait();
        }
        real.close();
        assertThat(workers.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(clashes).hasValue(0);
        assertThat(seen)
                .as("a pass begins after each one that was added")
                .hasSize(7)
                .isEqualTo(asked);
    }
}
