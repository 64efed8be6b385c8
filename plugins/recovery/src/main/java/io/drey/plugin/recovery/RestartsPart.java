package io.drey.plugin.recovery;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.plugin.PluginMemory;
import jakarta.inject.Inject;
import java.util.Optional;

/** Remembers restarts in a row. */
final class RestartsPart extends PluginMemory<Restarts> {
    @Inject
    RestartsPart(ObjectMapper mapper) {
        super(mapper, "recovery", "restarts", Restarts.class);
    }

    @Override
    public Optional<Restarts> reduce(Optional<Restarts> part, Turn turn) {
        boolean restarted = turn.started()
                && turn.after()
                        .filter(operation -> operation.cause() == Cause.RESTART_FAILED
                                || operation.cause() == Cause.RESTART_UNHEALTHY)
                        .isPresent();
        return restarted ? Optional.of(Restarts.next(part, turn.situation().now())) : part;
    }
}
