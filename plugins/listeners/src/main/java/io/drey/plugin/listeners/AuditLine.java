package io.drey.plugin.listeners;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.Listener.ReconcileReport;
import io.drey.spi.plan.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A line of the audit log. Its form is the Apache operator's, since searches and alerts know it.
 *
 * @param subject {@code Event[Job]}, {@code Status[Snapshot]} and the like
 * @param severity {@code Info}, {@code Warning} or {@code Error}
 * @param word reason of the event, or the state
 */
record AuditLine(String subject, String severity, String word, String text) {

    /** A line for each event, and one for a change of the state. */
    static List<AuditLine> of(ReconcileReport report) {
        boolean snapshot = report.resource().kind().equals("FlinkStateSnapshot");
        var about = snapshot ? "Snapshot" : "Job";
        List<AuditLine> lines = new ArrayList<>();
        for (var event : report.events()) {
            lines.add(new AuditLine(
                    "Event[" + about + "]",
                    event.type() == Event.Type.NORMAL ? "Info" : "Warning",
                    event.reason().toUpperCase(Locale.ROOT),
                    event.message()));
        }
        var before = States.of(report.resource().kind(), report.statusBefore());
        var after = States.of(report.resource().kind(), report.statusAfter());
        if (!after.isEmpty() && !after.equals(before)) {
            lines.add(status(about, after, report.statusAfter()));
        }
        return lines;
    }

    private static AuditLine status(String about, String state, JsonNode status) {
        var error = status.path("error").asText();
        return error.isEmpty()
                ? new AuditLine("Status[" + about + "]", "Info", state, States.described(state, status))
                : new AuditLine("Status[" + about + "]", "Error", state, error);
    }

    @Override
    public String toString() {
        return String.format("%-16s | %-7s | %-15s | %s", subject, severity, word, text);
    }
}
