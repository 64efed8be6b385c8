package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.config.ErrorFormat;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Failure;
import io.drey.testkit.Simulation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code status.error}, with its limits and labels. */
class ErrorJsonTest {
    private static final ErrorFormat DEFAULT = new ErrorFormat(false, 2048, 2048, 2, Map.of());
    private static final String STACK = """
            org.apache.flink.runtime.JobException: Recovery is suppressed
            \tat org.apache.flink.A.a(A.java:1)
            \t... 4 more
            Caused by: java.lang.IllegalStateException: the first line
            and the second
            \tat org.apache.flink.B.b(B.java:2)
            Caused by: java.util.concurrent.TimeoutException
            \tat org.apache.flink.C.c(C.java:3)
            \tSuppressed: java.lang.Exception: beside it
            \t\tat org.apache.flink.C.d(C.java:4)
            Caused by: java.io.IOException: disk full
            \tat org.apache.flink.D.d(D.java:4)
            """;

    private static JsonNode jobFailed(ErrorFormat format) {
        return Simulation.parse(new ErrorJson(format).jobFailed(STACK));
    }

    private static List<String> labels(Map<String, String> mapper, String message) {
        var error = Simulation.parse(
                new ErrorJson(new ErrorFormat(false, 2048, 2048, 2, mapper)).deploymentFailed("OOMKilled", message));
        return error.path("additionalMetadata")
                .path("labels")
                .valueStream()
                .map(JsonNode::asText)
                .toList();
    }

    @Test
    @Tag("S036")
    void s036_an_answer_of_flink_is_told_with_its_http_code() {
        var json = new ErrorJson(DEFAULT)
                .problem(new Failure(ErrorKind.EXTERNAL, "SavepointError", "stopping job a: no", Optional.of(503)));

        assertThat(Simulation.parse(json)).isEqualTo(Simulation.parse("""
                type: org.apache.flink.kubernetes.operator.exception.UpgradeFailureException
                message: 'stopping job a: no'
                additionalMetadata: {httpResponseCode: 503, reason: SavepointError}
                throwableList: []
                """));
        assertThat(new ErrorJson(DEFAULT).problem(new Failure(ErrorKind.EXTERNAL, "SavepointError", "no")))
                .doesNotContain("httpResponseCode");
    }

    @Test
    @Tag("S036")
    void s036_the_causes_of_a_failed_job_are_listed_up_to_the_limit() {
        assertThat(jobFailed(DEFAULT)).isEqualTo(Simulation.parse("""
                type: org.apache.flink.runtime.JobException
                message: Recovery is suppressed
                throwableList:
                  - {type: java.lang.IllegalStateException, message: "the first line\\nand the second"}
                  - {type: java.util.concurrent.TimeoutException, message: TimeoutException}
                """));
        assertThat(jobFailed(new ErrorFormat(false, 2048, 2048, 0, Map.of())).path("throwableList"))
                .isEmpty();
        assertThat(jobFailed(new ErrorFormat(false, 2048, 2048, 9, Map.of())).path("throwableList"))
                .hasSize(3);
    }

    @Test
    @Tag("S036")
    void s036_a_stack_trace_only_where_it_is_asked_for_and_not_of_the_causes() {
        var error = jobFailed(new ErrorFormat(true, 90, 2048, 2, Map.of()));

        assertThat(error.path("stackTrace").asText()).isEqualTo(STACK.substring(0, 90));
        assertThat(error.path("throwableList").get(0).has("stackTrace")).isFalse();
        assertThat(jobFailed(DEFAULT).has("stackTrace")).isFalse();
    }

    @Test
    @Tag("S036")
    void s036_every_text_is_cut() {
        var json = new ErrorJson(new ErrorFormat(false, 2048, 120, 2, Map.of()));

        assertThat(Simulation.parse(json.validation("x".repeat(121)))
                        .path("message")
                        .asText())
                .isEqualTo("x".repeat(120));
        var failed = Simulation.parse(json.jobFailed(
                "a." + "B".repeat(200) + ": " + "m".repeat(200) + "\n\tat c\nCaused by: d.E: " + "n".repeat(200)));
        assertThat(failed.path("type").asText()).hasSize(120);
        assertThat(failed.path("throwableList").get(0).path("message").asText()).isEqualTo("n".repeat(120));
    }

    @Test
    @Tag("S037")
    void s037_labels_of_what_is_found_in_any_message_of_the_chain() {
        Map<String, String> mapper = new LinkedHashMap<>();
        mapper.put("disk .*", "storage");
        mapper.put("no such thing", "never");
        mapper.put("^Recovery", "restarts");
        mapper.put("full$", "storage");

        assertThat(jobFailed(new ErrorFormat(false, 2048, 2048, 0, mapper))
                        .path("additionalMetadata")
                        .path("labels"))
                .isEqualTo(Simulation.parse("[storage, restarts]"));
    }

    @Test
    @Tag("S037")
    void s037_without_a_match_there_are_no_labels() {
        assertThat(labels(Map.of("timeout", "slow"), "killed")).isEmpty();
        assertThat(new ErrorJson(new ErrorFormat(false, 2048, 2048, 2, Map.of("timeout", "slow"))).validation("no"))
                .doesNotContain("additionalMetadata");
    }

    @Test
    @Tag("S037")
    void s037_an_expression_that_is_none_is_not_found_and_keeps_no_other_from_it() {
        assertThat(labels(Map.of("(", "bad", "kill", "killed"), "killed")).containsExactly("killed");
    }

    @Test
    @Timeout(20)
    @Tag("S037")
    void s037_an_expression_that_would_take_for_ever_is_not_found() {
        Map<String, String> slowFirst = new LinkedHashMap<>();
        slowFirst.put("(a+)+(b|c)*$", "slow");
        slowFirst.put("a", "quick");
        assertThat(labels(slowFirst, "a".repeat(2000) + "!")).containsExactly("quick");
        assertThat(labels(Map.of("(a|b)*!", "deep"), "a".repeat(2_000_000))).isEmpty();
    }

    @Test
    @Tag("S012")
    @Tag("S013")
    void the_event_of_a_failed_job_tells_the_first_two_and_the_deepest() {
        assertThat(Thrown.summary(Thrown.chain(STACK)))
                .isEqualTo("Recovery is suppressed -> the first line\nand the second -> disk full");
        assertThat(Thrown.summary(Thrown.chain("a.B: one"))).isEqualTo("one");
        assertThat(Thrown.summary(Thrown.chain("a.B: one\nCaused by: a.C: two")))
                .isEqualTo("one -> two");
        assertThat(Thrown.summary(Thrown.chain("a.B: \nCaused by: a.C$D\nCaused by: a.E\nCaused by: a.F: deepest")))
                .isEqualTo("B -> C$D -> deepest");
        assertThat(Thrown.summary(Thrown.chain(""))).isEmpty();
    }

    @Test
    @Tag("S036")
    @Tag("S037")
    void s036_s037_the_configuration_of_the_resource_counts() {
        var passes = Passes.running(Yaml.application("a")
                .replace(
                        "{taskmanager.numberOfTaskSlots: '2'}",
                        "{kubernetes.operator.exception.throwable.list.max.count: '1',"
                                + " kubernetes.operator.exception.label.mapper: 'disk full:storage'}"));

        passes.sees(Seen.job(passes.jobId(), "FAILED", Optional.of(STACK))).rest();

        var error = Simulation.parse(passes.status().error().orElseThrow());
        assertThat(error.path("throwableList")).hasSize(1);
        assertThat(error.path("additionalMetadata").path("labels").get(0).asText())
                .isEqualTo("storage");
        assertThat(passes.event("Error").message()).endsWith(" -> disk full");
        assertThat(passes.condition("Stalled").message())
                .isEqualTo("Recovery is suppressed -> the first line\nand the second");
    }
}
