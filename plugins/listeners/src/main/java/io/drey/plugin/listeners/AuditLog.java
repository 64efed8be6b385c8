package io.drey.plugin.listeners;

import io.drey.spi.Listener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line for each event, and for each change of the state. */
final class AuditLog implements Listener {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    @Override
    public void onReport(ReconcileReport report) {
        AuditLine.of(report).forEach(line -> LOG.info(">>> {}", line));
    }
}
