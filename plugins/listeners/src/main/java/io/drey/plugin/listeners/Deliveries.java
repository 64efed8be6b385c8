package io.drey.plugin.listeners;

import io.drey.plugin.listeners.Answer.Later;
import io.drey.plugin.listeners.Answer.Never;
import io.drey.plugin.listeners.Answer.Taken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes notices to one endpoint, in their order, on a thread of its own that starts with the first one. What finds the
 * queue full pushes the oldest out. Stopped, it tries each that still waits once more, and ends.
 */
final class Deliveries {
    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    private final Endpoint endpoint;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Notice> waiting = new ArrayDeque<>();
    private @Nullable Thread worker;
    private boolean closed;
    private long pushedOut;
    private long lost;
    private String trouble = "";

    /** @param random for the jitter of pauses */
    Deliveries(Endpoint endpoint, RandomGenerator random) {
        this.endpoint = endpoint;
        this.random = random;
    }

    /** Never blocks for the endpoint. */
    void offer(Notice notice) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (waiting.size() == endpoint.queue()) {
                waiting.removeFirst();
                if (pushedOut++ == 0) {
                    LOG.warn(
                            "webhook {}: {} events wait for it, the oldest of them are dropped from now on",
                            endpoint.name(),
                            endpoint.queue());
                }
            }
            waiting.addLast(notice);
            if (worker == null) {
                worker = Thread.ofPlatform()
                        .daemon()
                        .name("drey-webhook-" + endpoint.name())
                        .start(this::work);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        try (var sender = new Sender(endpoint)) {
            for (var notice = next(); notice.isPresent(); notice = next()) {
                deliver(notice.get(), sender);
            }
        } catch (InterruptedException e) {
            LOG.debug("webhook {}: closed before all was sent", endpoint.name());
        } finally {
            summary();
        }
    }

    /** The next one, when there is one; empty when there will be none. */
    private Optional<Notice> next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.await();
            }
            return Optional.ofNullable(waiting.pollFirst());
        } finally {
            lock.unlock();
        }
    }

    private void deliver(Notice notice, Sender sender) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            switch (attempt(notice, sender)) {
                case Taken() -> {
                    recovered();
                    return;
                }
                case Never(var why) -> {
                    gaveUp(why);
                    return;
                }
                case Later(var why, var after) -> {
                    if (attempt >= endpoint.attempts() || !pause(attempt, why, after)) {
                        gaveUp(why);
                        return;
                    }
                }
            }
        }
    }

    /** A bug costs the event that it shows with, and not the thread. */
    private static Answer attempt(Notice notice, Sender sender) throws InterruptedException {
        try {
            return sender.send(notice);
        } catch (RuntimeException e) {
            return new Never("it cannot be sent: " + e);
        }
    }

    /** Waits before the next attempt: twice as long each time, less up to a half by chance. False when closed. */
    private boolean pause(int attempt, String why, Optional<Duration> after) throws InterruptedException {
        tell(why, "tries again");
        long limit = endpoint.retryLimit().toNanos();
        long doubled = FIRST_PAUSE.toNanos() << Math.min(attempt - 1, 20);
        long full = Math.min(Math.max(doubled, after.map(Duration::toNanos).orElse(0L)), limit);
        long left = full / 2 + random.nextLong(full / 2 + 1);
        lock.lockInterruptibly();
        try {
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void gaveUp(String why) {
        tell(why, "an event is lost");
        lock.lock();
        try {
            lost++;
        } finally {
            lock.unlock();
        }
    }

    /** A trouble is told once, until it is over or another one. */
    private void tell(String why, String consequence) {
        if (why.equals(trouble)) {
            LOG.debug("webhook {}: {}, {}", endpoint.name(), why, consequence);
        } else {
            trouble = why;
            LOG.warn("webhook {}: {}, {}", endpoint.name(), why, consequence);
        }
    }

    private void recovered() {
        if (!trouble.isEmpty()) {
            trouble = "";
            LOG.info("webhook {}: takes events again", endpoint.name());
        }
        boolean drained;
        lock.lock();
        try {
            drained = waiting.isEmpty();
        } finally {
            lock.unlock();
        }
        if (drained) {
            summary();
        }
    }

    private void summary() {
        long dropped;
        long failed;
        lock.lock();
        try {
            dropped = pushedOut;
            failed = lost + (closed ? waiting.size() : 0);
            pushedOut = 0;
            lost = 0;
        } finally {
            lock.unlock();
        }
        if (dropped + failed > 0) {
            LOG.warn(
                    "webhook {}: {} events were dropped from the full queue, {} could not be sent",
                    endpoint.name(),
                    dropped,
                    failed);
        }
    }

    /** Takes no more, and tries what waits once more. Returns at once. */
    void stop() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the thread to end, until the deadline; then it is interrupted. */
    void awaitEnd(Instant deadline, Clock clock) throws InterruptedException {
        Thread running;
        lock.lock();
        try {
            running = worker;
        } finally {
            lock.unlock();
        }
        if (running == null) {
            return;
        }
        try {
            var left = Duration.between(clock.instant(), deadline);
            if (left.isPositive() && running.join(left)) {
                return;
            }
        } finally {
            running.interrupt();
        }
        running.join(TimeUnit.SECONDS.toMillis(1));
    }
}
