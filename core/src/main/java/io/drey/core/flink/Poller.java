package io.drey.core.flink;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.flink.FlinkRest.Answer;
import io.drey.core.port.Schedule;
import io.drey.spi.FactSource.Polled;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.resource.ResourceRef;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a view of each JobManager that somebody asks about, so that no pass ever waits for one to answer. One request at
 * a time for each cluster; a JobManager that hangs is asked less and less often. Enqueues subscribers only when what is
 * seen has changed. A view that nobody asked for is dropped. Thread-safe.
 */
final class Poller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Poller.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration MAX_BACK_OFF = Duration.ofSeconds(30);

    private final FlinkRest rest;
    private final Endpoints endpoints;
    private final Schedule schedule;
    private final Clock clock;
    private final Map<FlinkRef, View> views = new ConcurrentHashMap<>();
    private final ScheduledExecutorService ticks;

    /** What is known of one JobManager. Guarded by itself. */
    private static final class View {
        private final Map<ResourceRef, Duration> subscribers = new HashMap<>();
        private FlinkJobs jobs = FlinkJobs.UNREACHABLE;
        private Instant at = Instant.MIN;
        private Instant next = Instant.MIN;
        private boolean inFlight;
        private int epoch;
        private int failures;

        Duration every() {
            return subscribers.values().stream().min(Duration::compareTo).orElse(Duration.ofSeconds(5));
        }
    }

    Poller(FlinkRest rest, Endpoints endpoints, Schedule schedule, Clock clock) {
        this.rest = rest;
        this.endpoints = endpoints;
        this.schedule = schedule;
        this.clock = clock;
        this.ticks = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("drey-flink-poller").daemon().factory());
        ticks.scheduleWithFixedDelay(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    int size() {
        return views.size();
    }

    Polled view(ResourceRef subscriber, FlinkRef flink, Duration every) {
        var view = views.computeIfAbsent(flink, ref -> new View());
        synchronized (view) {
            var before = view.subscribers.put(subscriber, every);
            if (before == null || every.compareTo(before) < 0) {
                // Somebody is in more of a hurry than the last time that was set.
                var soon = clock.instant().plus(every);
                if (view.next.isAfter(soon)) {
                    view.next = soon;
                }
            }
            return new Polled(view.jobs, view.at);
        }
    }

    void forget(ResourceRef subscriber) {
        views.forEach((flink, view) -> {
            synchronized (view) {
                if (view.subscribers.remove(subscriber) != null && view.subscribers.isEmpty()) {
                    views.remove(flink, view);
                }
            }
        });
    }

    /** What was seen before an effect is not to be trusted after it. */
    void refresh(FlinkRef flink) {
        var view = views.get(flink);
        if (view != null) {
            synchronized (view) {
                view.epoch++;
                view.next = Instant.MIN;
                view.failures = 0;
            }
        }
    }

    private void tick() {
        try {
            var now = clock.instant();
            views.forEach((flink, view) -> {
                int epoch;
                synchronized (view) {
                    if (view.inFlight || view.next.isAfter(now)) {
                        return;
                    }
                    view.inFlight = true;
                    epoch = view.epoch;
                }
                poll(flink, view, epoch);
            });
        } catch (RuntimeException e) {
            LOG.error("polling Flink", e);
        }
    }

    private void poll(FlinkRef flink, View view, int epoch) {
        var known = view.jobs;
        endpoints
                .of(flink)
                .map(base -> look(base, known))
                .orElseGet(() -> CompletableFuture.completedFuture(FlinkJobs.UNREACHABLE))
                .exceptionally(error -> FlinkJobs.UNREACHABLE)
                .thenAccept(seen -> seen(flink, view, seen, epoch));
    }

    private void seen(FlinkRef flink, View view, FlinkJobs seen, int epoch) {
        List<ResourceRef> tell = new ArrayList<>();
        synchronized (view) {
            view.inFlight = false;
            if (epoch != view.epoch) {
                return;
            }
            var now = clock.instant();
            view.failures = seen.reach() == Reach.SERVING ? 0 : view.failures + 1;
            view.next = now.plus(pause(view));
            view.at = now;
            if (!seen.equals(view.jobs)) {
                view.jobs = seen;
                tell.addAll(view.subscribers.keySet());
            }
        }
        tell.forEach(subscriber -> schedule.enqueue(subscriber, Schedule.Priority.EVENT));
        LOG.trace("{} is {}", flink, seen.reach());
    }

    /** As often as the most hurried subscriber wants; less and less often once half a minute has brought nothing. */
    private static Duration pause(View view) {
        var every = view.every();
        int patience = (int) Math.max(10, 30_000 / Math.max(1, every.toMillis()));
        if (view.failures <= patience) {
            return every;
        }
        var longer = every.multipliedBy(1L << Math.min(10, view.failures - patience));
        return longer.compareTo(MAX_BACK_OFF) < 0 ? longer : MAX_BACK_OFF;
    }

    private CompletableFuture<FlinkJobs> look(URI base, FlinkJobs known) {
        return rest.send("GET", URI.create(base + "/jobs/overview")).thenCompose(overview -> {
            if (!overview.ok()) {
                return CompletableFuture.completedFuture(new FlinkJobs(Reach.STARTING, List.of(), known.cluster(), 0));
            }
            var jobs = jobs(overview.body());
            var cluster =
                    known.cluster().isEmpty() ? cluster(base) : CompletableFuture.completedFuture(known.cluster());
            return cluster.thenCombine(
                    failures(base, jobs, known),
                    (info, withFailures) -> new FlinkJobs(Reach.SERVING, withFailures, info, 0));
        });
    }

    private static List<Job> jobs(JsonNode overview) {
        List<Job> jobs = new ArrayList<>();
        for (var job : overview.path("jobs")) {
            jobs.add(new Job(
                    job.path("jid").asText(),
                    job.path("name").asText(),
                    state(job),
                    Instant.ofEpochMilli(job.path("start-time").asLong()),
                    Optional.empty()));
        }
        return jobs;
    }

    /**
     * A job runs when its tasks do: Flink says RUNNING as soon as it is scheduled, and this is what it says. Kept as it
     * is, since the contract shows Flink's own state.
     */
    private static String state(JsonNode job) {
        return job.path("state").asText();
    }

    private CompletableFuture<Map<String, String>> cluster(URI base) {
        return rest.send("GET", URI.create(base + "/config")).thenApply(answer -> {
            if (!answer.ok()) {
                return Map.<String, String>of();
            }
            return Map.of(
                    "flink-version", answer.body().path("flink-version").asText(),
                    "flink-revision", answer.body().path("flink-revision").asText());
        });
    }

    /** The root cause of a job that has failed, read once. */
    private CompletableFuture<List<Job>> failures(URI base, List<Job> jobs, FlinkJobs known) {
        CompletableFuture<List<Job>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (var job : jobs) {
            var earlier = known.job(job.id()).flatMap(Job::failure);
            CompletableFuture<Job> one = !job.state().equals("FAILED")
                    ? CompletableFuture.completedFuture(job)
                    : earlier.isPresent()
                            ? CompletableFuture.completedFuture(withFailure(job, earlier.get()))
                            : rest.send("GET", URI.create(base + "/jobs/" + job.id() + "/exceptions"))
                                    .thenApply(answer -> withFailure(job, rootCause(answer)));
            all = all.thenCombine(one, (list, next) -> {
                list.add(next);
                return list;
            });
        }
        return all;
    }

    private static Job withFailure(Job job, String failure) {
        return new Job(job.id(), job.name(), job.state(), job.startTime(), Optional.of(failure));
    }

    private static String rootCause(Answer answer) {
        var entries = answer.body().path("exceptionHistory").path("entries");
        var stack = entries.isEmpty()
                ? answer.body().path("root-exception").asText()
                : entries.get(0).path("stacktrace").asText();
        var line = stack.lines().findFirst().orElse("the job failed without an exception");
        for (var candidate : stack.lines().toList()) {
            if (candidate.startsWith("Caused by: ")) {
                line = candidate.substring("Caused by: ".length());
            }
        }
        return line.length() <= 500 ? line : line.substring(0, 500);
    }

    @Override
    public void close() {
        ticks.shutdownNow();
    }
}
