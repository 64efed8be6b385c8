package com.example.custom;

import io.drey.spi.Listener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes each change of a resource's state into the operator's log. */
final class StateLog implements Listener {
    private static final Logger LOG = LoggerFactory.getLogger(StateLog.class);

    @Override
    public void onReport(ReconcileReport report) {
        var before = report.statusBefore().path("lifecycleState").asText();
        var after = report.statusAfter().path("lifecycleState").asText();
        if (!before.equals(after)) {
            LOG.info("{} is {} now", report.resource(), after);
        }
    }
}
