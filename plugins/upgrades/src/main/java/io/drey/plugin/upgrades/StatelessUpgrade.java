package io.drey.plugin.upgrades;

import io.drey.spi.Situation;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.FlinkResource;
import jakarta.inject.Inject;

/** Cancels what runs, if it answers, removes its cluster and its high-availability metadata, and starts empty. */
final class StatelessUpgrade extends MeasuredUpgrade {
    @Inject
    StatelessUpgrade(DowntimePart downtimes) {
        super(downtimes);
    }

    @Override
    public String name() {
        return "stateless";
    }

    @Override
    public Choice choose(Situation situation) {
        var stop = ended(situation) || silent(situation) ? StopMode.KILL : StopMode.CANCEL;
        return new Choice.Go(Target.CURRENT, Stop.of(stop), Restore.NONE);
    }

    private static boolean ended(Situation situation) {
        return situation.resource() instanceof FlinkResource resource
                && resource.status()
                        .jobStatus()
                        .state()
                        .filter(FlinkJobState::isGloballyTerminal)
                        .isPresent();
    }

    /** Whether the JobManager was asked and does not serve; one that was not asked yet may well answer. */
    private static boolean silent(Situation situation) {
        return situation
                .facts()
                .find(FlinkJobs.TYPE)
                .filter(flink -> flink.reach() != Reach.SERVING)
                .isPresent();
    }
}
