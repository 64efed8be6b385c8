package io.drey.plugin.upgrades;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.Situation;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.plan.Outcome;
import io.drey.spi.plan.Step;
import io.drey.spi.plugin.PluginMemory;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;

/**
 * Measures each upgrade, from when the job was stopped to when it is seen to run again: with a savepoint it works until that
 * is written.
 */
final class DowntimePart extends PluginMemory<Downtime> {
    @Inject
    DowntimePart(ObjectMapper mapper) {
        super(mapper, "upgrades", "downtime", Downtime.class);
    }

    /** Of the last upgrade of this resource's job. */
    Optional<Duration> last(Situation situation) {
        return of(situation.resource()).flatMap(Downtime::last).map(Duration::ofMillis);
    }

    @Override
    public Optional<Downtime> reduce(Optional<Downtime> part, Turn turn) {
        var known = part.orElse(Downtime.NEVER);
        var now = turn.situation().now().toEpochMilli();
        if (turn.after().isPresent() && known.since().isEmpty()) {
            return upgrades(turn.after().get()) && stopped(turn)
                    ? Optional.of(new Downtime(Optional.of(now), known.last()))
                    : part;
        }
        if (known.since().isEmpty()
                || turn.after().filter(DowntimePart::upgrades).isPresent()
                || launched(turn)) {
            return part;
        }
        if (turn.after().or(turn::before).filter(Operation::inPlace).isPresent()) {
            // The job goes on meanwhile, and is not looked at.
            return part;
        }
        if (turn.after().isPresent() || turn.ended()) {
            // It is suspended, removed, or brought back in another way: nothing to measure.
            return known.last().map(last -> new Downtime(Optional.empty(), Optional.of(last)));
        }
        return JobSeen.of(turn.situation()).is("RUNNING")
                ? Optional.of(new Downtime(
                        Optional.empty(), Optional.of(now - known.since().get())))
                : part;
    }

    private static boolean upgrades(Operation operation) {
        return operation.cause() == Cause.CHANGE
                && operation.launch()
                && operation.stop().mode() != StopMode.NONE
                && operation.results().containsKey(Operation.JOB_ID);
    }

    private static boolean launched(Turn turn) {
        return turn.ended() && turn.before().filter(DowntimePart::upgrades).isPresent();
    }

    /** Whether this pass has stopped the job, or taken its cluster down. */
    private static boolean stopped(Turn turn) {
        return turn.outcomes().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Outcome.Done)
                .anyMatch(entry -> entry.getKey() instanceof Step.StopJob || entry.getKey() instanceof Step.Delete);
    }
}
