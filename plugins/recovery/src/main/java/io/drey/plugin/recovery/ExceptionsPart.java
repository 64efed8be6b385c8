package io.drey.plugin.recovery;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.plugin.recovery.JobExceptions.Thrown;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.Situation;
import io.drey.spi.plugin.PluginMemory;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Remembers up to which one exceptions were told: each is told once, also by the next operator. */
final class ExceptionsPart extends PluginMemory<Reported> {
    /** What is older when a job is first looked at is history. */
    private static final Duration HISTORY = Duration.ofMinutes(30);

    @Inject
    ExceptionsPart(ObjectMapper mapper) {
        super(mapper, "recovery", "exceptions", Reported.class);
    }

    /** What was not told yet, newest first. */
    List<Thrown> untold(Situation situation) {
        return untold(of(situation.resource()), situation);
    }

    private static List<Thrown> untold(Optional<Reported> before, Situation situation) {
        var exceptions = situation.facts().find(JobExceptions.TYPE);
        if (exceptions.isEmpty()) {
            return List.of();
        }
        var until = before.filter(
                        reported -> reported.jobId().equals(exceptions.get().jobId()))
                .map(Reported::until)
                .orElse(situation.now().minus(HISTORY));
        return exceptions.get().thrown().stream()
                .filter(thrown -> thrown.at().isAfter(until))
                .toList();
    }

    @Override
    public Optional<Reported> reduce(Optional<Reported> part, Turn turn) {
        var untold = untold(part, turn.situation());
        return untold.isEmpty()
                ? part
                : Optional.of(new Reported(
                        turn.situation().facts().get(JobExceptions.TYPE).jobId(),
                        untold.getFirst().at()));
    }
}
