package io.drey.plugin.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.plugin.recovery.JobExceptions.Thrown;
import io.drey.spi.FactSource;
import io.drey.spi.Situation;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.MissingFact;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads what the tasks of a job have thrown, as long as the job is listed and its end is not recorded. */
final class JobExceptionsSource implements FactSource<JobExceptions> {
    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final Duration EVERY_WHEN_TROUBLED = Duration.ofSeconds(10);
    private static final int MANY = 20;

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
                "/jobs/" + run.jobId() + "/exceptions?maxExceptions=" + MANY,
                calm ? EVERY : EVERY_WHEN_TROUBLED);
        return parsed(run.jobId(), document.body().orElseThrow(() -> new MissingFact(JobExceptions.TYPE)));
    }

    private static JobExceptions parsed(String jobId, JsonNode body) {
        List<Thrown> thrown = new ArrayList<>();
        for (var entry : body.path("exceptionHistory").path("entries")) {
            thrown.add(thrown(entry));
        }
        thrown.sort(Comparator.comparing(Thrown::at).reversed());
        return new JobExceptions(jobId, thrown);
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
