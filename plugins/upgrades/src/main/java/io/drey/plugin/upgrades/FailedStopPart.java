package io.drey.plugin.upgrades;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.operation.FailedStop;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.plugin.PluginMemory;
import io.drey.spi.resource.FlinkResource;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;

/** Remembers stops that failed, with a pause before the next one that doubles with each of them. */
final class FailedStopPart extends PluginMemory<FailedStop> {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    /** From here on a doubled pause is longer than the longest one. */
    private static final int MANY = 7;

    @Inject
    FailedStopPart(ObjectMapper mapper) {
        super(mapper, FailedStop.PLUGIN, FailedStop.FIELD, FailedStop.class);
    }

    @Override
    public Optional<FailedStop> reduce(Optional<FailedStop> part, Turn turn) {
        if (!(turn.situation().resource() instanceof FlinkResource resource)) {
            return part;
        }
        if (failed(turn)) {
            return Optional.of(another(part, resource, turn, turn.problem().orElseThrow()));
        }
        if (part.isEmpty() || turn.ended()) {
            return Optional.empty();
        }
        var seen = back(part.get(), resource, turn) ? withoutFailover(part.get()) : part.get();
        if (seen.generation() == resource.metadata().generation()) {
            return Optional.of(seen);
        }
        // Attempts are counted for each edit; what the last one did to the job is not undone by another edit.
        return seen.failover()
                ? Optional.of(new FailedStop(
                        resource.metadata().generation(), 0, seen.at(), seen.next(), true, seen.code(), seen.message()))
                : Optional.empty();
    }

    /** Whether this pass has ended an operation whose stop was to save something and did not. */
    private static boolean failed(Turn turn) {
        return turn.before()
                        .filter(operation -> operation.stop().saves()
                                && !operation.saved()
                                && operation.phase().compareTo(Phase.STOPPED) < 0)
                        .isPresent()
                && turn.after().isEmpty()
                && !turn.ended()
                && turn.problem().isPresent();
    }

    private static FailedStop another(Optional<FailedStop> part, FlinkResource resource, Turn turn, Failure failure) {
        var generation = resource.metadata().generation();
        int attempts = part.filter(known -> known.generation() == generation)
                        .map(FailedStop::attempts)
                        .orElse(0)
                + 1;
        var now = turn.situation().now().toEpochMilli();
        return new FailedStop(
                generation, attempts, now, now + pause(attempts).toMillis(), true, failure.code(), failure.message());
    }

    private static Duration pause(int attempts) {
        var doubled = FIRST_PAUSE.multipliedBy(1L << (Math.min(attempts, MANY) - 1));
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    /** Whether the job was seen with all its tasks running, or to have ended, since the attempt. */
    private static boolean back(FailedStop failed, FlinkResource resource, Turn turn) {
        return failed.failover()
                && JobSeen.seenAfter(failed.at(), turn.situation())
                && JobSeen.listed(turn.situation(), resource)
                        .filter(job -> job.working() || job.ended())
                        .isPresent();
    }

    private static FailedStop withoutFailover(FailedStop failed) {
        return new FailedStop(
                failed.generation(),
                failed.attempts(),
                failed.at(),
                failed.next(),
                false,
                failed.code(),
                failed.message());
    }
}
