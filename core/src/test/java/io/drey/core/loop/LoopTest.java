package io.drey.core.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.core.port.Schedule.Priority;
import io.drey.spi.resource.ResourceRef;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoopTest {
    private static final ResourceRef STUCK = new ResourceRef("FlinkDeployment", "default", "stuck");
    private static final ResourceRef OTHER = new ResourceRef("FlinkDeployment", "default", "other");
    private static final Duration DEADLINE = Duration.ofMillis(150);

    private final WorkQueue queue = new WorkQueue(System::nanoTime, WorkQueue.RetryTimes.DEFAULT);
    private final List<String> passes = new CopyOnWriteArrayList<>();

    private Loop loop(Loop.Pass pass) {
        return loop(pass, Duration.ofSeconds(5));
    }

    private Loop loop(Loop.Pass pass, Duration stopLimit) {
        var loop = new Loop(queue, pass, DEADLINE, stopLimit);
        loop.start(1);
        return loop;
    }

    private Requeue note(ResourceRef ref) {
        passes.add(ref.name());
        return Requeue.none();
    }

    @Test
    @DisplayName("what a pass says decides when its key is due again")
    void requeue() {
        var left = new AtomicInteger(3);
        try (var loop = loop(ref -> {
            note(ref);
            return left.decrementAndGet() > 0 ? Requeue.now() : Requeue.none();
        })) {
            queue.enqueue(OTHER, Priority.EDIT);
            await().until(() -> loop.counts().passes() == 3);
            assertThat(passes).containsExactly("other", "other", "other");
            await().until(() -> loop.counts().busy() == 0);
            assertThat(queue.counts().delayed()).isZero();
        }
    }

    @Test
    @DisplayName("an exception, an error or nothing at all from a pass costs neither the worker nor the key")
    void bugs() {
        var turn = new AtomicInteger();
        try (var loop = loop(ref -> switch (turn.incrementAndGet()) {
            case 1 -> throw new IllegalStateException("a bug");
            case 2 -> throw new NoClassDefFoundError("a plugin that was built against something else");
            case 3 -> null;
            default -> note(ref);
        })) {
            for (int i = 1; i <= 3; i++) {
                int pass = i;
                queue.enqueue(OTHER, Priority.EDIT);
                await().until(() ->
                        loop.counts().failed() == pass && queue.counts().taken() == 0);
            }
            queue.enqueue(OTHER, Priority.EDIT);
            await().until(() -> passes.contains("other"));
            assertThat(queue.counts().failed()).isEqualTo(3);
            assertThat(loop.counts().stuck()).isZero();
        }
    }

    @Test
    @DisplayName("a pass that takes too long is interrupted, and the interrupt does not reach the next one")
    void interrupted() {
        var second = new AtomicBoolean();
        try (var loop = loop(ref -> {
            if (ref.equals(STUCK)) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return Requeue.none();
            }
            second.set(Thread.currentThread().isInterrupted());
            return note(ref);
        })) {
            queue.enqueue(STUCK, Priority.EDIT);
            queue.enqueue(OTHER, Priority.EVENT);
            await().until(() -> passes.contains("other"));
            assertThat(second).isFalse();
            assertThat(loop.counts().interrupted()).isEqualTo(1);
            assertThat(loop.counts().stuck()).isZero();
        }
    }

    @Test
    @DisplayName(
            "a worker that does not react is given up: another takes its place, and the key waits for the stuck one")
    void givenUp() {
        var release = new AtomicBoolean();
        try (var loop = loop(ref -> {
            note(ref);
            while (ref.equals(STUCK) && !release.get()) {
                Thread.onSpinWait();
            }
            return Requeue.none();
        })) {
            queue.enqueue(STUCK, Priority.EDIT);
            queue.enqueue(OTHER, Priority.EVENT);
            await().until(() -> passes.contains("other"));
            assertThat(loop.counts().stuck()).isEqualTo(1);

            queue.enqueue(STUCK, Priority.EDIT);
            queue.enqueue(OTHER, Priority.EVENT);
            await().until(() -> passes.equals(List.of("stuck", "other", "other")));
            assertThat(queue.counts().taken()).isEqualTo(1);

            release.set(true);
            await().until(() -> passes.equals(List.of("stuck", "other", "other", "stuck")));
            await().until(() -> queue.counts().taken() == 0);
        }
    }

    @Test
    @DisplayName("on stop a pass in flight may end, and no other one starts")
    void drains() throws InterruptedException {
        var started = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        // No watchdog: on a busy machine the pass takes as long as it takes.
        var loop = new Loop(
                queue,
                ref -> {
                    started.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        return Requeue.none();
                    }
                    return note(ref);
                },
                Duration.ofMinutes(5),
                Duration.ofMinutes(1));
        loop.start(1);
        queue.enqueue(STUCK, Priority.EDIT);
        queue.enqueue(OTHER, Priority.EDIT);
        started.await();
        var closing = Thread.ofPlatform().start(loop::close);
        // It waits for the pass, so the queue is closed.
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        release.countDown();
        closing.join();

        assertThat(passes).containsExactly("stuck");
    }

    @Test
    @DisplayName("on stop a pass that does not end is interrupted after a limit")
    void stopLimit() throws InterruptedException {
        var started = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        var loop = new Loop(
                queue,
                ref -> {
                    started.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                    return Requeue.none();
                },
                Duration.ofMinutes(1),
                Duration.ofMillis(50));
        loop.start(1);
        queue.enqueue(STUCK, Priority.EDIT);
        started.await();
        loop.close();
        interrupted.await();
    }
}
