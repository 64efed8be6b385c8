package io.drey.plugin.upgrades;

import io.drey.spi.Situation;
import io.drey.spi.UpgradeStrategy;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;

/** Cancels what runs, if it answers, removes its cluster and its high-availability metadata, and starts empty. */
final class StatelessUpgrade implements UpgradeStrategy {
    @Override
    public String name() {
        return "stateless";
    }

    @Override
    public Choice choose(Situation situation) {
        return new Choice.Go(Target.CURRENT, Stop.of(StopMode.CANCEL), Restore.NONE);
    }
}
