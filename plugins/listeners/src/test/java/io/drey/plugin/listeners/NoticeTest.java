package io.drey.plugin.listeners;

import static io.drey.plugin.listeners.Reports.report;
import static io.drey.plugin.listeners.Reports.status;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.plan.Event;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class NoticeTest {
    private static final ObjectNode NONE = JsonNodeFactory.instance.objectNode();

    @Test
    void an_event_is_told_with_all_that_names_it() {
        var notice = Notice.of(Reports.of(Event.warning("Job", "Missing", "Job Not Found")))
                .getFirst();

        var body = notice.body().deepCopy();
        body.remove("id");

        assertThat(body.toString()).isEqualTo("""
                {"type":"warning","time":"1970-01-01T00:00:00Z",\
                "resource":{"kind":"FlinkDeployment","namespace":"tests","name":"job","uid":"uid","generation":1},\
                "reason":"Missing","component":"Job","message":"Job Not Found"}""");
    }

    @Test
    @Tag("S035")
    void changes_of_state_follow_the_events() {
        var before = status("lifecycleState", "DEPLOYED");
        var after = NONE.deepCopy().put("lifecycleState", "STABLE");
        after.putObject("jobStatus").put("state", "RUNNING");

        var notices = Notice.of(report("FlinkDeployment", before, after, Event.normal("Job", "Submit", "Go")));

        assertThat(notices)
                .extracting(Notice::type)
                .containsExactly(Notice.Type.NORMAL, Notice.Type.JOB_STATE, Notice.Type.STATE);
        assertThat(notices.get(1).body().has("from")).isFalse();
        assertThat(notices.get(1).body().path("to").asText()).isEqualTo("RUNNING");
        assertThat(notices.get(2).body().path("from").asText()).isEqualTo("DEPLOYED");
        assertThat(notices.get(2).body().path("to").asText()).isEqualTo("STABLE");
        assertThat(notices.get(2).body().path("message").asText()).isEqualTo("deployed and stable");
        assertThat(notices).extracting(Notice::id).doesNotHaveDuplicates();
    }

    @Test
    void the_same_report_gives_the_same_ids() {
        var report = Reports.of(Event.normal("Job", "Submit", "Go"));

        assertThat(Notice.of(report)).isEqualTo(Notice.of(report));
    }

    @Test
    void nothing_is_told_when_nothing_changed() {
        var stable = status("lifecycleState", "STABLE");

        assertThat(Notice.of(report("FlinkDeployment", stable, stable))).isEmpty();
    }

    @Test
    void each_kind_has_its_state_somewhere() {
        assertThat(Notice.of(report("FlinkStateSnapshot", NONE, status("state", "COMPLETED"))))
                .hasSize(1);
        assertThat(Notice.of(report("FlinkBlueGreenDeployment", NONE, status("blueGreenState", "ACTIVE_BLUE"))))
                .hasSize(1);
        assertThat(Notice.of(report("FlinkSessionJob", NONE, status("lifecycleState", "STABLE"))))
                .hasSize(1);
    }

    @Test
    void values_of_the_configuration_stay_here() {
        var changed =
                "UPGRADE change(s) detected (FlinkDeploymentSpec[flinkConfiguration.s3.endpoint : in -> hunter2]),"
                        + " starting reconciliation.";
        var invalid = "spec.flinkConfiguration.x: found 'hunter2', must be true or false. Correct it";

        assertThat(message(Event.normal("JobManagerDeployment", "SpecChanged", changed)))
                .isEqualTo("UPGRADE change(s) detected (FlinkDeploymentSpec...)");
        assertThat(message(Event.warning("Operator", "ValidationError", invalid)))
                .isEqualTo("spec.flinkConfiguration.x: found '...', must be true or false. Correct it");
    }

    @Test
    void a_status_is_not_told_beside_its_state() {
        var after = NONE.deepCopy().put("lifecycleState", "FAILED").put("error", "hunter2");
        after.putObject("reconciliationStatus").put("lastReconciledSpec", "hunter2");

        assertThat(Notice.of(report("FlinkDeployment", NONE, after)))
                .singleElement()
                .asString()
                .contains("FAILED")
                .doesNotContain("hunter2");
    }

    @Test
    void a_message_has_an_end() {
        assertThat(message(Event.normal("Job", "Error", "x".repeat(100_000)))).hasSizeLessThan(5000);
    }

    private static String message(Event event) {
        return Notice.of(Reports.of(event)).getFirst().body().path("message").asText();
    }
}
