package io.drey.plugin.upgrades;

import io.drey.spi.Situation;
import io.drey.spi.UpgradeStrategy;
import java.time.Duration;
import java.util.Optional;

/** A strategy that knows how long the last upgrade took, whichever strategy that had. */
abstract class MeasuredUpgrade implements UpgradeStrategy {
    private final DowntimePart downtimes;

    MeasuredUpgrade(DowntimePart downtimes) {
        this.downtimes = downtimes;
    }

    @Override
    public final Optional<Duration> lastDowntime(Situation situation) {
        return downtimes.last(situation);
    }
}
