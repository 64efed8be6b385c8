package io.drey.plugin.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.plugin.recovery.JobExceptions.Thrown;
import io.drey.spi.FactSource;
import io.drey.spi.Situation;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.MissingFact;
import io.drey.spi.fact.Projection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads the exceptions of a job's tasks, as long as the job is listed and its end is not recorded. Of each only as much as
 * an event shows: 20 stack traces of 10,000 jobs are more than the operator's memory.
 */
final class JobExceptionsSource implements FactSource<JobExceptions> {
    static final ConfigKey<Integer> LINES = OperatorKeys.EXCEPTION_LINES;

    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final Duration EVERY_WHEN_TROUBLED = Duration.ofSeconds(10);

    /** A job that runs has nothing new to show until something happens to one of its tasks, and then it is asked at once. */
    private static final Duration EVERY_WHEN_CALM = Duration.ofHours(1);

    private static final int MANY = 20;
    private static final int LONGEST_LINE = 500;
    private static final Projection SHOWN = Projection.of(
            "/exceptionHistory/entries/*/timestamp",
            "/exceptionHistory/entries/*/stacktrace",
            "/exceptionHistory/entries/*/exceptionName",
            "/exceptionHistory/entries/*/taskName",
            "/exceptionHistory/entries/*/endpoint",
            "/exceptionHistory/entries/*/taskManagerId",
            "/exceptionHistory/entries/*/failureLabels");

    @Override
    public FactType<JobExceptions> factType() {
        return JobExceptions.TYPE;
    }

    @Override
    public boolean when(Situation situation) {
        return situation.operation().isEmpty()
                && Run.of(situation)
                        .filter(run -> !run.session() && run.listed().isPresent() && !over(run))
                        .isPresent();
    }

    /** Whether the job has ended some time ago: what ended it was read by now. */
    private static boolean over(Run run) {
        return run.ended()
                && run.status()
                        .jobStatus()
                        .updatedAt()
                        .filter(time -> time.plus(EVERY).isAfter(run.situation().now()))
                        .isEmpty();
    }

    @Override
    public JobExceptions read(ObserveContext context) {
        var run = Run.of(context.situation()).orElseThrow(() -> new MissingFact(JobExceptions.TYPE));
        boolean calm = run.listed().filter(job -> job.state().equals("RUNNING")).isPresent();
        var document = context.document(
                run.flink(),
                DocumentQuery.of(
                        "/jobs/" + run.jobId() + "/exceptions?maxExceptions=" + MANY,
                        calm ? EVERY_WHEN_CALM : EVERY_WHEN_TROUBLED,
                        SHOWN.texts(lines(context.situation()), LONGEST_LINE)));
        var body = document.body().orElseThrow(() -> new MissingFact(JobExceptions.TYPE));
        return parsed(run.jobId(), body, document.problem());
    }

    private static int lines(Situation situation) {
        return Math.max(1, situation.config().orFallback(LINES));
    }

    private static JobExceptions parsed(String jobId, JsonNode body, Optional<String> problem) {
        List<Thrown> thrown = new ArrayList<>();
        for (var entry : body.path("exceptionHistory").path("entries")) {
            // The last entry of an answer that was cut may lack its time.
            if (entry.path("timestamp").asLong() > 0) {
                thrown.add(thrown(entry));
            }
        }
        thrown.sort(Comparator.comparing(Thrown::at).reversed());
        return new JobExceptions(jobId, thrown, problem);
    }

    private static Thrown thrown(JsonNode entry) {
        Map<String, String> labels = new TreeMap<>();
        entry.path("failureLabels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return new Thrown(
                Instant.ofEpochMilli(entry.path("timestamp").asLong()),
                entry.path("stacktrace").asText(entry.path("exceptionName").asText()),
                text(entry, "taskName"),
                text(entry, "endpoint"),
                text(entry, "taskManagerId"),
                labels);
    }

    private static Optional<String> text(JsonNode entry, String field) {
        return Optional.of(entry.path(field).asText("")).filter(text -> !text.isBlank() && !text.equals("null"));
    }
}
