package io.drey.plugin.listeners;

import static io.drey.plugin.listeners.Reports.report;
import static io.drey.plugin.listeners.Reports.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.spi.Listener.ReconcileReport;
import io.drey.spi.plan.Event;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The form of the lines is a contract: searches and alerts know them. */
class AuditLineTest {
    private static List<String> lines(ReconcileReport report) {
        return AuditLine.of(report).stream().map(AuditLine::toString).toList();
    }

    @Test
    @Tag("S035")
    void events_are_told_in_order_with_the_reason_in_capitals() {
        var same = status("lifecycleState", "STABLE");

        assertThat(lines(report(
                        "FlinkDeployment",
                        same,
                        same,
                        Event.normal("JobManagerDeployment", "Submit", "Starting deployment"),
                        Event.warning("Job", "Missing", "Job Not Found"))))
                .containsExactly(
                        "Event[Job]       | Info    | SUBMIT          | Starting deployment",
                        "Event[Job]       | Warning | MISSING         | Job Not Found");
    }

    @Test
    @Tag("S035")
    void a_state_is_told_when_it_changes_only() {
        var deployed = status("lifecycleState", "DEPLOYED");
        var stable = status("lifecycleState", "STABLE");

        assertThat(lines(report("FlinkDeployment", deployed, stable)))
                .containsExactly("Status[Job]      | Info    | STABLE          | deployed and stable");
        assertThat(lines(report("FlinkDeployment", stable, stable))).isEmpty();
    }

    @Test
    void a_state_with_an_error_tells_the_error() {
        var failed = JsonNodeFactory.instance
                .objectNode()
                .put("lifecycleState", "FAILED")
                .put("error", "{\"message\":\"boom\"}");

        assertThat(lines(report("FlinkSessionJob", status("lifecycleState", "STABLE"), failed)))
                .containsExactly("Status[Job]      | Error   | FAILED          | {\"message\":\"boom\"}");
    }

    @Test
    @Tag("S035")
    void a_snapshot_has_lines_of_its_own() {
        var completed =
                JsonNodeFactory.instance.objectNode().put("state", "COMPLETED").put("path", "s3://savepoints/1");

        assertThat(lines(report("FlinkStateSnapshot", status("state", "IN_PROGRESS"), completed)))
                .containsExactly("Status[Snapshot] | Info    | COMPLETED       | s3://savepoints/1");
    }
}
