package io.drey.plugin.recovery;

import io.drey.spi.Gate;
import io.drey.spi.Situation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.plan.Proposal;
import jakarta.inject.Inject;
import java.util.Optional;

/** A job that is restarted again and again is restarted less and less often. */
final class RestartBackOff implements Gate {
    private final RestartsPart restarts;

    @Inject
    RestartBackOff(RestartsPart restarts) {
        this.restarts = restarts;
    }

    @Override
    public Optional<Hold> check(Proposal.Start start, Situation situation) {
        if (start.cause() != Cause.RESTART_FAILED && start.cause() != Cause.RESTART_UNHEALTHY) {
            return Optional.empty();
        }
        var before = restarts.of(situation.resource());
        return before.map(last -> last.delay(situation.now()))
                .filter(delay -> delay.isPositive())
                .map(delay -> new Hold(
                        "it is time for restart " + (before.get().count() + 1) + ", the last one was at "
                                + before.get().last(),
                        delay));
    }
}
