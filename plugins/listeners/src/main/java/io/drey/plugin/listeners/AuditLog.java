package io.drey.plugin.listeners;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.Listener;
import io.drey.spi.plan.Event;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line for each event, and for each change of the lifecycle state, in the form that log searches know. */
final class AuditLog implements Listener {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    @Override
    public void onReport(ReconcileReport report) {
        for (var event : report.events()) {
            LOG.info(
                    ">>> Event[Job]       | {} | {} | {}",
                    event.type() == Event.Type.NORMAL ? "Info" : "Warning",
                    event.reason().toUpperCase(Locale.ROOT),
                    event.message());
        }
        var before = lifecycle(report.statusBefore());
        var after = lifecycle(report.statusAfter());
        if (!before.equals(after)) {
            var error = report.statusAfter().path("error").asText();
            LOG.info(
                    ">>> Status[Job]      | {} | {} | {}",
                    error.isEmpty() ? "Info" : "Error",
                    after,
                    error.isEmpty() ? "was " + (before.isEmpty() ? "new" : before) : error);
        }
    }

    private static String lifecycle(JsonNode status) {
        return status.path("lifecycleState").asText();
    }
}
