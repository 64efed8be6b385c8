package io.drey.core.flink;

import io.drey.core.flink.JobManagerView.Look;
import io.drey.core.flink.JobManagerView.Seen;
import io.drey.core.flink.JobsReader.Sight;
import io.drey.core.flink.RestFlinkApi.Polls;
import io.drey.core.port.Schedule;
import io.drey.core.port.Schedule.Priority;
import io.drey.spi.FactSource.Polled;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.resource.ResourceRef;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a view of each JobManager that somebody asks about, so that no pass ever waits for one to answer. One look at a
 * time for each cluster, a few until it has served. Enqueues subscribers only when what is seen has changed. Thread-safe.
 */
final class Poller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);
    private static final int MANY_LOOKS = 256;
    private static final Duration TICK = Duration.ofMillis(50);

    private final JobsReader reader;
    private final Endpoints endpoints;
    private final Schedule schedule;
    private final Clock clock;
    private final AtomicInteger underWay = new AtomicInteger();
    private final Map<FlinkRef, JobManagerView> views = new ConcurrentHashMap<>();
    private final ScheduledExecutorService ticks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("drey-flink-poller").daemon().factory());

    Poller(FlinkRest rest, Endpoints endpoints, Schedule schedule, Clock clock) {
        this.reader = new JobsReader(rest);
        this.endpoints = endpoints;
        this.schedule = schedule;
        this.clock = clock;
        ticks.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    Polls polls() {
        return new Polls(
                views.size(),
                (int) views.values().stream().filter(JobManagerView::unseen).count(),
                (int) views.values().stream()
                        .filter(JobManagerView::unreachable)
                        .count());
    }

    Polled view(ResourceRef subscriber, FlinkRef flink, Duration every) {
        var polled = new Polled[1];
        views.compute(flink, (ref, known) -> {
            var view = known == null ? new JobManagerView() : known;
            polled[0] = view.ask(subscriber, every, clock.instant());
            return view;
        });
        return polled[0];
    }

    void forget(ResourceRef subscriber) {
        for (var flink : views.keySet()) {
            views.computeIfPresent(flink, (ref, view) -> view.forget(subscriber) ? null : view);
        }
    }

    void refresh(FlinkRef flink) {
        var view = views.get(flink);
        if (view != null) {
            view.refresh();
        }
    }

    private void tick() {
        var now = clock.instant();
        views.forEach((flink, view) -> {
            try {
                view.silentSubscribers(now).forEach(subscriber -> schedule.enqueue(subscriber, Priority.POLL));
                if (view.abandoned()) {
                    views.computeIfPresent(flink, (ref, same) -> same.abandoned() ? null : same);
                } else {
                    view.due(now, underWay.get() < MANY_LOOKS).ifPresent(look -> look(flink, view, look));
                }
            } catch (RuntimeException e) {
                LOG.error("polling {} failed, which is a bug", flink, e);
            }
        });
    }

    /** A sight of the JobManager at an address, or that there is none. */
    private record Looked(Sight sight, boolean hung, Optional<URI> address) {
        static final Sight NOBODY = new Sight(FlinkJobs.UNREACHABLE);
    }

    private void look(FlinkRef flink, JobManagerView view, Look look) {
        underWay.incrementAndGet();
        address(flink, look)
                .thenCompose(
                        address -> address.map(base -> reader.look(base, look.known(), look.thorough(), look.limit()))
                                .orElseGet(() -> CompletableFuture.completedFuture(Looked.NOBODY))
                                .thenApply(sight -> new Looked(sight, false, address)))
                .orTimeout(look.limit().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(error -> {
                    LOG.debug("{} does not answer: {}", flink, error.getMessage());
                    return new Looked(Looked.NOBODY, hung(error), Optional.empty());
                })
                .thenAccept(looked -> {
                    underWay.decrementAndGet();
                    var seen = looked.sight().seen();
                    tell(
                            flink,
                            seen,
                            view.seen(look, new Seen(seen, looked.hung(), looked.address()), clock.instant()));
                    looked.sight().later().thenAccept(jobs -> tell(flink, jobs, view.completed(look, jobs)));
                });
    }

    private void tell(FlinkRef flink, FlinkJobs jobs, Set<ResourceRef> subscribers) {
        for (var subscriber : subscribers) {
            LOG.debug("{} is {}", flink, jobs.reach());
            schedule.enqueue(subscriber, Priority.EVENT);
        }
    }

    private CompletableFuture<Optional<URI>> address(FlinkRef flink, Look look) {
        return look.address().isPresent() ? CompletableFuture.completedFuture(look.address()) : endpoints.later(flink);
    }

    private static boolean hung(Throwable error) {
        var cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof TimeoutException
                || cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException);
    }

    @Override
    public void close() {
        ticks.shutdownNow();
    }
}
