package io.drey.core.flink;

import io.drey.core.flink.JobManagerView.Look;
import io.drey.core.flink.JobManagerView.Seen;
import io.drey.core.flink.JobsReader.Sight;
import io.drey.core.flink.RestFlinkApi.Polls;
import io.drey.core.port.Schedule;
import io.drey.core.port.Schedule.Priority;
import io.drey.spi.FactSource.Polled;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.resource.ResourceRef;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a view of each JobManager that a resource asks for, so that no pass waits for a JobManager. One look at a time for
 * each cluster, a few until it has served. Between two looks at a cluster nothing is done about it. Enqueues subscribers
 * only when what they subscribed to has changed. Thread-safe.
 */
final class Poller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);
    private static final Duration LATE = Duration.ofSeconds(1);

    private final Wire wire;
    private final JobsReader reader;
    private final Schedule schedule;
    private final Moved moved;
    private final Map<FlinkRef, JobManagerView> views = new ConcurrentHashMap<>();
    private final SubscriberIndex<FlinkRef> subscribed = new SubscriberIndex<>();
    private final Set<FlinkRef> waiting = ConcurrentHashMap.newKeySet();
    private final LongAdder late = new LongAdder();
    private final Agenda<FlinkRef> agenda;

    /** Hears of jobs to which something has happened: a task has failed or started, for example. */
    @FunctionalInterface
    interface Moved {
        void moved(FlinkRef flink, Set<String> jobs);
    }

    Poller(Wire wire, Schedule schedule, Moved moved) {
        this.wire = wire;
        this.reader = new JobsReader(wire.rest());
        this.schedule = schedule;
        this.moved = moved;
        this.agenda = new Agenda<>("drey-flink-poller", wire.clock(), this::due);
    }

    Polls polls() {
        return new Polls(
                views.size(),
                (int) views.values().stream().filter(JobManagerView::unseen).count(),
                (int) views.values().stream()
                        .filter(JobManagerView::unreachable)
                        .count());
    }

    /** Polls since the start that began more than a second after they were due. */
    long late() {
        return late.sum();
    }

    /** @param job whose changes enqueue the subscriber; those of all jobs when empty */
    Polled view(ResourceRef subscriber, FlinkRef flink, Optional<String> job, Duration every) {
        var now = wire.clock().instant();
        var polled = new Polled[1];
        var wake = new Instant[1];
        views.compute(flink, (ref, known) -> {
            var view = known == null ? new JobManagerView(ThreadLocalRandom.current()::nextDouble) : known;
            polled[0] = view.ask(subscriber, job, every, now);
            wake[0] = view.wake(now);
            return view;
        });
        subscribed.add(subscriber, flink);
        agenda.add(flink, wake[0]);
        return polled[0];
    }

    void forget(ResourceRef subscriber) {
        subscribed
                .forget(subscriber)
                .forEach(flink -> views.computeIfPresent(flink, (ref, view) -> view.forget(subscriber) ? null : view));
    }

    void refresh(FlinkRef flink) {
        var view = views.get(flink);
        if (view != null) {
            view.refresh();
            agenda.add(flink, wire.clock().instant());
        }
    }

    /** Objects of this resource have changed in Kubernetes. */
    void changed(ResourceRef resource) {
        var now = wire.clock().instant();
        for (var flink : subscribed.of(resource)) {
            wire.addresses().doubt(flink);
            var view = views.get(flink);
            if (view != null) {
                view.changed(now);
                agenda.add(flink, view.wake(now));
            }
        }
    }

    private void due(FlinkRef flink) {
        var view = views.get(flink);
        if (view == null) {
            return;
        }
        var now = wire.clock().instant();
        view.silentSubscribers(now).forEach(subscriber -> schedule.enqueue(subscriber, Priority.POLL));
        if (view.abandoned()) {
            views.computeIfPresent(flink, (ref, same) -> same.abandoned() ? null : same);
        } else if (!view.isDue(now)) {
            agenda.add(flink, view.wake(now));
        } else if (waiting.add(flink)) {
            wire.permits().start(flink.namespace(), () -> begin(flink, view));
        }
    }

    /** With a permit. */
    private void begin(FlinkRef flink, JobManagerView view) {
        waiting.remove(flink);
        var now = wire.clock().instant();
        var look = view.due(now, wire.permits().spare());
        agenda.add(flink, view.wake(now));
        if (look.isEmpty()) {
            wire.permits().release(flink.namespace());
            return;
        }
        if (look.get().late().compareTo(LATE) > 0) {
            late.increment();
        }
        look(flink, view, look.get());
    }

    private void look(FlinkRef flink, JobManagerView view, Look look) {
        wire.addresses()
                .of(flink)
                .thenCompose(
                        address -> address.map(base -> reader.look(base, look.known(), look.thorough(), look.limit()))
                                .orElseGet(() -> CompletableFuture.completedFuture(new Sight(FlinkJobs.UNREACHABLE))))
                .orTimeout(look.limit().toMillis(), TimeUnit.MILLISECONDS)
                .handle((sight, error) -> {
                    wire.permits().release(flink.namespace());
                    if (error != null) {
                        LOG.debug("{} does not answer: {}", flink, error.getMessage());
                        wire.addresses().doubt(flink);
                        takeIn(flink, view, look, new Sight(FlinkJobs.UNREACHABLE), hung(error));
                    } else {
                        takeIn(flink, view, look, sight, false);
                    }
                    return sight;
                })
                .exceptionally(error -> {
                    LOG.error("Polling {} failed, which is a bug", flink, error);
                    return null;
                });
    }

    private void takeIn(FlinkRef flink, JobManagerView view, Look look, Sight sight, boolean hung) {
        var now = wire.clock().instant();
        enqueue(flink, sight.seen(), view.seen(look, new Seen(sight.seen(), hung), now));
        agenda.add(flink, view.wake(now));
        if (sight.seen().reach() == Reach.SERVING) {
            var jobs = view.moved(look, sight.modified());
            if (!jobs.isEmpty()) {
                moved.moved(flink, jobs);
            }
        }
        sight.later().thenAccept(jobs -> enqueue(flink, jobs, view.completed(look, jobs)));
    }

    private void enqueue(FlinkRef flink, FlinkJobs jobs, Set<ResourceRef> subscribers) {
        for (var subscriber : subscribers) {
            LOG.debug("{} is {}", flink, jobs.reach());
            schedule.enqueue(subscriber, Priority.EVENT);
        }
    }

    private static boolean hung(Throwable error) {
        var cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof TimeoutException
                || cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException);
    }

    @Override
    public void close() {
        agenda.close();
    }
}
