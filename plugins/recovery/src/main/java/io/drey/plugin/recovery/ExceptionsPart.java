package io.drey.plugin.recovery;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.plugin.recovery.JobExceptions.Thrown;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.Situation;
import io.drey.spi.plugin.PluginMemory;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
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
        var until = of(before, exceptions.get()).map(Reported::until).orElseGet(() -> history(situation));
        return exceptions.get().thrown().stream()
                .filter(thrown -> thrown.at().isAfter(until))
                .toList();
    }

    private static Instant history(Situation situation) {
        return situation.now().minus(HISTORY);
    }

    private static Optional<Reported> of(Optional<Reported> reported, JobExceptions exceptions) {
        return reported.filter(same -> same.jobId().equals(exceptions.jobId()));
    }

    /** Why exceptions are missing, unless an event of this job said so. */
    Optional<String> untoldProblem(Situation situation) {
        return untoldProblem(of(situation.resource()), situation);
    }

    private static Optional<String> untoldProblem(Optional<Reported> before, Situation situation) {
        return situation
                .facts()
                .find(JobExceptions.TYPE)
                .filter(exceptions ->
                        of(before, exceptions).filter(Reported::incomplete).isEmpty())
                .flatMap(JobExceptions::problem);
    }

    @Override
    public Optional<Reported> reduce(Optional<Reported> part, Turn turn) {
        var untold = untold(part, turn.situation());
        boolean incomplete = untoldProblem(part, turn.situation()).isPresent();
        if (untold.isEmpty() && !incomplete) {
            return part;
        }
        var exceptions = turn.situation().facts().get(JobExceptions.TYPE);
        var before = of(part, exceptions);
        return Optional.of(new Reported(
                exceptions.jobId(),
                untold.isEmpty()
                        ? before.map(Reported::until).orElseGet(() -> history(turn.situation()))
                        : untold.getFirst().at(),
                incomplete || before.filter(Reported::incomplete).isPresent()));
    }
}
