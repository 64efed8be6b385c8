package io.drey.core.flink;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.flink.FlinkRest.Answer;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Reach;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * One look at a JobManager: {@code /jobs/overview}, and the rest only when that has changed. A request that fails beside
 * the first one leaves what was known.
 */
final class JobsReader {
    private static final int LONGEST_STACK_TRACE = 16_384;
    private static final Duration SOON = Duration.ofMillis(250);

    private final FlinkRest rest;

    JobsReader(FlinkRest rest) {
        this.rest = rest;
    }

    /**
     * What a look has come to.
     *
     * @param seen what was known soon
     * @param later the same with all that was asked for; may take as long as the requests of a look have, and does not fail
     */
    record Sight(FlinkJobs seen, CompletableFuture<FlinkJobs> later) {
        Sight(FlinkJobs all) {
            this(all, CompletableFuture.completedFuture(all));
        }
    }

    /**
     * @param known from the look before
     * @param thorough whether to count TaskManagers even if no job has changed
     * @param limit of each request
     * @return fails when nothing answers
     */
    CompletableFuture<Sight> look(URI base, FlinkJobs known, boolean thorough, Duration limit) {
        return rest.get(URI.create(base + "/jobs/overview"), limit).thenCompose(overview -> {
            // Without a list of jobs it is not Flink's dispatcher that answers, and no job may be said to be missing.
            return overview.ok() && overview.body().path("jobs").isArray()
                    ? failures(base, jobs(overview.body(), known), limit)
                            .thenCompose(jobs -> details(base, jobs, known, thorough, limit))
                    : CompletableFuture.completedFuture(
                            new Sight(new FlinkJobs(Reach.STARTING, List.of(), Map.of(), 0)));
        });
    }

    /** A JobManager that has just started takes seconds to count its TaskManagers: its jobs are not told later for that. */
    private CompletableFuture<Sight> details(
            URI base, List<Job> jobs, FlinkJobs known, boolean thorough, Duration limit) {
        var taskManagers = !thorough && jobs.equals(known.jobs())
                ? CompletableFuture.completedFuture(known.taskManagers())
                : ask(URI.create(base + "/overview"), limit)
                        .thenApply(answer -> answer.map(
                                        body -> body.path("taskmanagers").asInt())
                                .orElse(known.taskManagers()));
        var cluster = known.cluster().isEmpty() || !ids(jobs).equals(ids(known.jobs()))
                ? ask(URI.create(base + "/config"), limit)
                        .thenApply(answer -> answer.map(JobsReader::cluster).orElse(known.cluster()))
                : CompletableFuture.completedFuture(known.cluster());
        var all = taskManagers.thenCombine(cluster, (count, info) -> new FlinkJobs(Reach.SERVING, jobs, info, count));
        var soon = new FlinkJobs(Reach.SERVING, jobs, known.cluster(), known.taskManagers());
        return all.copy()
                .completeOnTimeout(soon, SOON.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(seen -> new Sight(seen, all));
    }

    /** Empty when this request failed. */
    private CompletableFuture<Optional<JsonNode>> ask(URI uri, Duration limit) {
        return rest.get(uri, limit)
                .thenApply(answer -> Optional.of(answer).filter(Answer::ok).map(Answer::body))
                .exceptionally(error -> Optional.empty());
    }

    private static List<Job> jobs(JsonNode overview, FlinkJobs known) {
        List<Job> jobs = new ArrayList<>();
        for (var job : overview.path("jobs")) {
            var id = job.path("jid").asText();
            var state = job.path("state").asText();
            jobs.add(new Job(
                    id,
                    job.path("name").asText(),
                    state,
                    Instant.ofEpochMilli(job.path("start-time").asLong()),
                    known.job(id).filter(before -> before.state().equals(state)).flatMap(Job::failure)));
        }
        return jobs;
    }

    private static List<String> ids(List<Job> jobs) {
        return jobs.stream().map(Job::id).sorted().toList();
    }

    private static Map<String, String> cluster(JsonNode config) {
        return Map.of(
                "flink-version", config.path("flink-version").asText(),
                "flink-revision", config.path("flink-revision").asText());
    }

    /** Why jobs have failed, each read once. */
    private CompletableFuture<List<Job>> failures(URI base, List<Job> jobs, Duration limit) {
        CompletableFuture<List<Job>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (var job : jobs) {
            var one = job.state().equals("FAILED") && job.failure().isEmpty()
                    ? ask(URI.create(base + "/jobs/" + job.id() + "/exceptions"), limit)
                            .thenApply(answer -> new Job(
                                    job.id(),
                                    job.name(),
                                    job.state(),
                                    job.startTime(),
                                    answer.map(JobsReader::stackTrace)))
                    : CompletableFuture.completedFuture(job);
            all = all.thenCombine(one, (list, next) -> {
                list.add(next);
                return list;
            });
        }
        return all;
    }

    /** Of one that is very long only the exceptions, without where they were thrown. */
    private static String stackTrace(JsonNode exceptions) {
        var entries = exceptions.path("exceptionHistory").path("entries");
        var stack = entries.isEmpty()
                ? exceptions.path("root-exception").asText()
                : entries.get(0).path("stacktrace").asText();
        if (stack.isBlank()) {
            return "the job failed without an exception";
        }
        var text = stack.length() <= LONGEST_STACK_TRACE
                ? stack
                : stack.lines().filter(line -> !line.startsWith("\t")).collect(Collectors.joining("\n"));
        return text.length() <= LONGEST_STACK_TRACE ? text : text.substring(0, LONGEST_STACK_TRACE);
    }
}
