package io.drey.plugin.deployments;

import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;

/** What strategies answer. */
final class Changes {
    static final Choice STATELESS = new Choice.Go(Target.CURRENT, Stop.of(StopMode.CANCEL), Restore.NONE);

    private Changes() {}

    /** Stopped, and to be restored from this path. */
    static Choice from(String path) {
        return new Choice.Go(Target.CURRENT, Stop.of(StopMode.KILL), Restore.path(path));
    }
}
