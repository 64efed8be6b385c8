package io.drey.core.flink;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.flink.FlinkRest.Answer;
import io.drey.core.flink.FlinkRest.Question;
import io.drey.spi.config.Redaction;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.fact.FlinkJobs.Tasks;
import io.drey.spi.fact.Projection;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One look at a JobManager: {@code /jobs/overview}, and the rest only when that has changed. A request that fails beside
 * the first one leaves what was known.
 */
final class JobsReader {
    private static final int LONGEST_STACK_TRACE = 16_384;
    private static final int MANY_FAILURES = 20;
    private static final int FAILURES_OF_A_LOOK = 4;
    private static final int MANY_JOBS = 10_000;
    private static final int LONGEST_NAME = 256;
    private static final int OVERVIEW_BYTES = 4 << 20;
    private static final int OTHER_BYTES = 256 << 10;
    private static final Projection OVERVIEW = Projection.of(
                    "/jobs/*/jid",
                    "/jobs/*/name",
                    "/jobs/*/state",
                    "/jobs/*/start-time",
                    "/jobs/*/last-modification",
                    "/jobs/*/tasks")
            .texts(1, LONGEST_NAME)
            .upTo(OVERVIEW_BYTES);
    private static final Projection CLUSTER =
            Projection.of("/taskmanagers", "/flink-version", "/flink-revision").texts(1, LONGEST_NAME);
    private static final Projection EXCEPTIONS = Projection.of(
                    "/root-exception", "/exceptionHistory/entries/*/stacktrace")
            .texts(Integer.MAX_VALUE, LONGEST_STACK_TRACE)
            .upTo(OTHER_BYTES);
    private static final String FAILURE = "/job-execution-result/failure-cause/stack-trace";
    private static final Projection RESULT =
            Projection.of(FAILURE).texts(Integer.MAX_VALUE, LONGEST_STACK_TRACE).upTo(OTHER_BYTES);
    private static final Duration SOON = Duration.ofMillis(250);

    private final FlinkRest rest;

    JobsReader(FlinkRest rest) {
        this.rest = rest;
    }

    /**
     * What a look has come to.
     *
     * @param seen what was known soon
     * @param modified when something last happened to each job or one of its tasks, by Flink's clock
     * @param later the same with all that was asked for; may take as long as the requests of a look have, and does not fail
     */
    record Sight(FlinkJobs seen, Map<String, Long> modified, CompletableFuture<FlinkJobs> later) {
        Sight(FlinkJobs all) {
            this(all, Map.of(), CompletableFuture.completedFuture(all));
        }
    }

    /**
     * @param known from the look before
     * @param thorough whether to count TaskManagers even if no job has changed
     * @param limit of each request
     * @return fails when nothing answers
     */
    CompletableFuture<Sight> look(URI base, FlinkJobs known, boolean thorough, Duration limit) {
        return rest.get(new Question(URI.create(base + "/jobs/overview"), OVERVIEW_BYTES, OVERVIEW, limit))
                .thenCompose(overview -> {
                    var list = overview.body().path("jobs");
                    // Without a whole list of jobs it is not Flink's dispatcher that answers, and no job may be said to
                    // be missing.
                    return overview.ok() && overview.whole() && list.isArray() && list.size() <= MANY_JOBS
                            ? failures(base, jobs(list, known), limit)
                                    .thenCompose(jobs -> details(base, jobs, known, thorough, limit))
                                    .thenApply(sight -> new Sight(sight.seen(), modified(list), sight.later()))
                            : CompletableFuture.completedFuture(
                                    new Sight(new FlinkJobs(Reach.STARTING, List.of(), Map.of(), 0)));
                });
    }

    private static Map<String, Long> modified(JsonNode list) {
        Map<String, Long> modified = new HashMap<>();
        list.forEach(job -> modified.put(
                job.path("jid").asText(), job.path("last-modification").asLong()));
        return modified;
    }

    /** A JobManager that has just started takes seconds to count its TaskManagers: its jobs are not told later for that. */
    private CompletableFuture<Sight> details(
            URI base, List<Job> jobs, FlinkJobs known, boolean thorough, Duration limit) {
        var taskManagers = !thorough && same(jobs, known.jobs())
                ? CompletableFuture.completedFuture(known.taskManagers())
                : ask(base + "/overview", CLUSTER, limit)
                        .thenApply(answer -> answer.map(
                                        body -> body.path("taskmanagers").asInt())
                                .orElse(known.taskManagers()));
        var cluster = known.cluster().isEmpty() || !ids(jobs).equals(ids(known.jobs()))
                ? ask(base + "/config", CLUSTER, limit)
                        .thenApply(answer -> answer.map(JobsReader::cluster).orElse(known.cluster()))
                : CompletableFuture.completedFuture(known.cluster());
        var all = taskManagers.thenCombine(cluster, (count, info) -> new FlinkJobs(Reach.SERVING, jobs, info, count));
        var soon = new FlinkJobs(Reach.SERVING, jobs, known.cluster(), known.taskManagers());
        return all.copy()
                .completeOnTimeout(soon, SOON.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(seen -> new Sight(seen, Map.of(), all));
    }

    /** Empty when this request failed. */
    private CompletableFuture<Optional<JsonNode>> ask(String address, Projection projection, Duration limit) {
        return rest.get(new Question(URI.create(address), OTHER_BYTES, projection, limit))
                .thenApply(answer -> Optional.of(answer).filter(Answer::ok).map(Answer::body))
                .exceptionally(error -> Optional.empty());
    }

    private static List<Job> jobs(JsonNode list, FlinkJobs known) {
        var before = known.jobs().stream().collect(Collectors.toMap(Job::id, job -> job, (one, other) -> one));
        List<Job> jobs = new ArrayList<>();
        for (var job : list) {
            var id = job.path("jid").asText();
            var state = job.path("state").asText();
            jobs.add(new Job(
                    id,
                    job.path("name").asText(),
                    state,
                    Instant.ofEpochMilli(job.path("start-time").asLong()),
                    Optional.ofNullable(before.get(id))
                            .filter(same -> same.state().equals(state))
                            .flatMap(Job::failure),
                    tasks(job.path("tasks"))));
        }
        return jobs;
    }

    /** Tasks from their numbers by state; empty when there are none. */
    static Optional<Tasks> tasks(JsonNode counts) {
        return counts.isObject()
                ? Optional.of(new Tasks(
                        sum(counts, "created"),
                        sum(counts, "scheduled"),
                        sum(counts, "deploying", "initializing", "reconciling"),
                        sum(counts, "running"),
                        sum(counts, "finished"),
                        sum(counts, "canceling", "canceled", "failed")))
                : Optional.empty();
    }

    private static int sum(JsonNode counts, String... states) {
        return Stream.of(states).mapToInt(state -> counts.path(state).asInt()).sum();
    }

    /** Whether these are the same jobs in the same states, whatever their tasks do. */
    static boolean same(List<Job> some, List<Job> others) {
        return withoutTasks(some).equals(withoutTasks(others));
    }

    private static List<Job> withoutTasks(List<Job> jobs) {
        return jobs.stream().map(job -> job.with(Optional.empty())).toList();
    }

    private static List<String> ids(List<Job> jobs) {
        return jobs.stream().map(Job::id).sorted().toList();
    }

    private static Map<String, String> cluster(JsonNode config) {
        return Map.of(
                "flink-version", config.path("flink-version").asText(),
                "flink-revision", config.path("flink-revision").asText());
    }

    /**
     * Why the newest of the failed jobs have failed: each is read once, one after the other, and a few by each look, which
     * must not take long.
     */
    private CompletableFuture<List<Job>> failures(URI base, List<Job> jobs, Duration limit) {
        var newest = jobs.stream()
                .filter(job -> job.state().equals("FAILED"))
                .sorted(Comparator.comparing(Job::startTime).reversed())
                .limit(MANY_FAILURES)
                .toList();
        Map<String, String> failures = new HashMap<>();
        newest.forEach(job -> job.failure().ifPresent(failure -> failures.put(job.id(), failure)));
        CompletableFuture<Void> read = CompletableFuture.completedFuture(null);
        for (var job : newest.stream()
                .filter(job -> job.failure().isEmpty())
                .limit(FAILURES_OF_A_LOOK)
                .toList()) {
            read = read.thenCompose(before -> failure(base + "/jobs/" + job.id(), limit))
                    .thenAccept(answer -> answer.ifPresent(failure -> failures.put(job.id(), failure)));
        }
        return read.thenApply(all -> jobs.stream()
                .map(job -> withFailure(job, Optional.ofNullable(failures.get(job.id()))))
                .toList());
    }

    /**
     * Why a job has failed. For as long as Flink keeps an answer, it shows the exceptions of a job as they were before it
     * failed; the result of the job is not kept in this way.
     */
    private CompletableFuture<Optional<String>> failure(String job, Duration limit) {
        return ask(job + "/exceptions", EXCEPTIONS, limit).thenCompose(exceptions -> {
            var thrown = exceptions.map(JobsReader::stackTrace);
            return thrown.filter(String::isBlank).isEmpty()
                    ? CompletableFuture.completedFuture(thrown)
                    : ask(job + "/execution-result", RESULT, limit)
                            .thenApply(result -> result.map(
                                            body -> shown(body.at(FAILURE).asText("")))
                                    .map(text -> text.isBlank() ? "the job failed without an exception" : text));
        });
    }

    private static Job withFailure(Job job, Optional<String> failure) {
        return new Job(job.id(), job.name(), job.state(), job.startTime(), failure, job.tasks());
    }

    private static String stackTrace(JsonNode exceptions) {
        var entries = exceptions.path("exceptionHistory").path("entries");
        return shown(
                entries.isEmpty()
                        ? exceptions.path("root-exception").asText("")
                        : entries.get(0).path("stacktrace").asText(""));
    }

    /** Without secrets; of one that is very long only the exceptions, without where they were thrown. */
    private static String shown(String stack) {
        var text = Redaction.text(
                stack.length() <= LONGEST_STACK_TRACE
                        ? stack
                        : stack.lines().filter(line -> !line.startsWith("\t")).collect(Collectors.joining("\n")));
        return text.length() <= LONGEST_STACK_TRACE ? text : text.substring(0, LONGEST_STACK_TRACE);
    }
}
