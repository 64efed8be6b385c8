package io.drey.plugin.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.FactSource;
import io.drey.spi.Situation;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.MissingFact;
import io.drey.spi.fact.Projection;
import java.time.Duration;
import java.util.Optional;

/** Reads what a job counts, where health is checked and the job goes on. */
final class JobMetricsSource implements FactSource<JobMetrics> {
    static final Duration EVERY = Duration.ofSeconds(10);

    private static final Projection COUNTS = Projection.of("/*/id", "/*/value").texts(1, 100);
    private static final String RESTARTS = "numRestarts";
    private static final String FULL_RESTARTS = "fullRestarts";
    private static final String CHECKPOINTS = "numberOfCompletedCheckpoints";

    @Override
    public FactType<JobMetrics> factType() {
        return JobMetrics.TYPE;
    }

    @Override
    public boolean when(Situation situation) {
        return situation.operation().isEmpty()
                && situation.config().orFallback(HealthCheck.ENABLED)
                && Run.of(situation)
                        .filter(run -> !run.session() && run.alive())
                        .isPresent();
    }

    @Override
    public JobMetrics read(ObserveContext context) {
        var run = Run.of(context.situation()).orElseThrow(() -> new MissingFact(JobMetrics.TYPE));
        var path = "/jobs/" + run.jobId() + "/metrics?get=" + String.join(",", RESTARTS, FULL_RESTARTS, CHECKPOINTS);
        var document = context.document(run.flink(), DocumentQuery.of(path, EVERY, COUNTS));
        var body = document.body().orElseThrow(() -> new MissingFact(JobMetrics.TYPE));
        return new JobMetrics(
                run.jobId(),
                value(body, RESTARTS).or(() -> value(body, FULL_RESTARTS)),
                value(body, CHECKPOINTS),
                document.at());
    }

    private static Optional<Long> value(JsonNode metrics, String id) {
        for (var metric : metrics) {
            var text = metric.path("value").asText();
            if (metric.path("id").asText().equals(id) && text.matches("\\d{1,18}")) {
                return Optional.of(Long.parseLong(text));
            }
        }
        return Optional.empty();
    }
}
