package io.drey.core.flink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.Outcome;
import io.drey.spi.plan.Outcome.Done;
import io.drey.spi.plan.Outcome.Failed;
import io.drey.spi.plan.Outcome.Pending;
import io.drey.spi.plan.Step.SavepointRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RestFlinkApiTest {
    private static final FlinkRef CLUSTER = new FlinkRef("default", "top-speed", 8081);
    private static final String JOB = "00000000000000000000000000000001";
    private static final EffectId TRIGGER = new EffectId("0000000000000000000000000000000f");
    private static final SavepointRequest SAVEPOINT =
            new SavepointRequest(Optional.of("s3://bucket/savepoints"), "CANONICAL", true);

    private final FakeJobManager flink = new FakeJobManager();
    private Duration later = Duration.ZERO;
    private final RestFlinkApi api = new RestFlinkApi(
            new FlinkRest(Duration.ofMillis(1500)), flink, (ref, priority) -> {}, clock(), Duration.ofMillis(1500));

    private Clock clock() {
        return new Clock() {
            @Override
            public Instant instant() {
                return Instant.now().plus(later);
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
    }

    @AfterEach
    void close() {
        api.close();
        flink.close();
    }

    private static AbstractStringAssert<?> assertFailure(Outcome outcome, String code) {
        assertThat(outcome).isInstanceOf(Failed.class);
        var failure = ((Failed) outcome).failure();
        assertThat(failure.kind()).isEqualTo(ErrorKind.EXTERNAL);
        assertThat(failure.code()).isEqualTo(code);
        return assertThat(failure.message());
    }

    @Nested
    @DisplayName("cancel")
    class Cancel {
        private Outcome answered(int code, String body) {
            flink.answers("PATCH /jobs/" + JOB + "?mode=cancel", code, body);
            return api.cancel(CLUSTER, JOB);
        }

        @Test
        @DisplayName("accepted, gone already and ended already are all success")
        @Tag("S144")
        void done() {
            assertThat(answered(202, "{}")).isEqualTo(Done.PLAIN);
            assertThat(answered(404, "{\"errors\":[\"Job could not be found.\"]}"))
                    .isEqualTo(Done.PLAIN);
            assertThat(answered(409, "{\"errors\":[\"the job has already reached another terminal state\"]}"))
                    .isEqualTo(Done.PLAIN);
        }

        @Test
        @DisplayName("what Flink refuses has the code of its answer, and silence has none")
        @Tag("S036")
        void httpCode() {
            var refused = answered(503, "{\"errors\":[\"leader election\"]}");
            assertThat(((Failed) refused).failure().httpResponseCode()).contains(503);
            flink.close();
            assertThat(((Failed) api.cancel(CLUSTER, JOB)).failure().httpResponseCode())
                    .isEmpty();
        }

        @Test
        @DisplayName("a JobManager that does not serve yet has not said that the job is gone")
        void notServing() {
            assertFailure(api.cancel(CLUSTER, JOB), "CleanupFailed").contains("Not found");
            assertFailure(answered(404, ""), "CleanupFailed").contains("HTTP 404");
            assertFailure(answered(503, "{\"errors\":[\"leader election\"]}"), "CleanupFailed")
                    .contains("leader election");
        }

        @Test
        @DisplayName("no answer is a failure from outside")
        void noAnswer() {
            flink.hangs(true);
            assertFailure(api.cancel(CLUSTER, JOB), "Unreachable").contains("default/top-speed");
            flink.close();
            assertFailure(api.cancel(CLUSTER, JOB), "Unreachable").contains("default/top-speed");
        }
    }

    @Nested
    @DisplayName("stop with savepoint")
    class Stop {
        private static final String STATUS = "GET /jobs/" + JOB + "/savepoints/0000000000000000000000000000000f";

        private Outcome stop() {
            return api.stopWithSavepoint(CLUSTER, JOB, TRIGGER, SAVEPOINT);
        }

        @Test
        @DisplayName("triggered once under the caller's id, then looked after until its path is there")
        void whole() {
            flink.answers("GET /jobs/" + JOB, 200, "{\"state\":\"RUNNING\"}")
                    .answers("POST /jobs/" + JOB + "/stop", 202, "{\"request-id\":\"" + TRIGGER + "\"}");
            assertThat(stop()).isInstanceOf(Pending.class);
            assertThat(flink.requests().getLast())
                    .isEqualTo("POST /jobs/" + JOB + "/stop {\"formatType\":\"CANONICAL\",\"triggerId\":\"" + TRIGGER
                            + "\",\"targetDirectory\":\"s3://bucket/savepoints\",\"drain\":true}");

            flink.answers(STATUS, 200, "{\"status\":{\"id\":\"IN_PROGRESS\"},\"operation\":null}");
            assertThat(stop()).isInstanceOf(Pending.class);

            flink.answers(
                    STATUS,
                    200,
                    "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"location\":\"s3://bucket/savepoints/1\"}}");
            assertThat(stop()).isEqualTo(new Done(Map.of("savepoint", "s3://bucket/savepoints/1")));
            assertThat(flink.requests().stream().filter(request -> request.startsWith("POST")))
                    .hasSize(1);
        }

        @Test
        @DisplayName("a savepoint that failed names its root cause")
        void failed() {
            flink.answers(STATUS, 200, """
                    {"status":{"id":"COMPLETED"},"operation":{"failure-cause":{"class":"x.CompletionException","stack-trace":\
                    "x.CompletionException: wrapper\\nCaused by: java.io.IOException: no space\\n\\tat a.B"}}}""");
            assertFailure(stop(), "SavepointError").endsWith(": java.io.IOException: no space");
        }

        private void failsWith(String cause, String state) {
            flink.answers(STATUS, 200, """
                    {"status":{"id":"COMPLETED"},"operation":{"failure-cause":{"class":"x.CompletionException","stack-trace":\
                    "x.CompletionException: wrapper\\nCaused by: %s\\n\\tat a.B"}}}""".formatted(cause))
                    .answers("GET /jobs/" + JOB, 200, "{\"state\":\"" + state + "\"}");
        }

        private void tasksThrew(long at, String stackTrace) {
            flink.answers("GET /jobs/" + JOB + "/exceptions?maxExceptions=5", 200, """
                    {"exceptionHistory":{"entries":[{"exceptionName":"x.Old","stacktrace":"x.Old: old","timestamp":5},\
                    {"exceptionName":"x.Wrapper","stacktrace":"%s","timestamp":%d}]}}""".formatted(stackTrace, at))
                    .answers("GET /jobs/" + JOB + "/checkpoints", 200, """
                    {"history":[{"id":3,"is_savepoint":true,"status":"FAILED","trigger_timestamp":100},\
                    {"id":4,"is_savepoint":false,"status":"FAILED","trigger_timestamp":900}]}""");
        }

        @Test
        @DisplayName("a savepoint that failed names what the tasks threw, and the key to set")
        void failedForItsFormat() {
            failsWith("x.CheckpointException: FailoverRegion is restarting.", "RUNNING");
            tasksThrew(
                    101, "x.Wrapper: wrapper\\nCaused by: java.lang.UnsupportedOperationException: Not supported yet.");
            assertFailure(stop(), "SavepointError")
                    .contains("java.lang.UnsupportedOperationException: Not supported yet. (x.CheckpointException:"
                            + " FailoverRegion is restarting.)")
                    .contains("kubernetes.operator.savepoint.format.type: NATIVE");
        }

        @Test
        @DisplayName("what the tasks threw before the savepoint was triggered has not made it fail")
        void failedForAnotherReason() {
            failsWith("x.CheckpointException: Checkpoint expired before completing.", "RUNNING");
            tasksThrew(99, "x.Wrapper: wrapper");
            assertFailure(stop(), "SavepointError")
                    .contains("Checkpoint expired before completing.")
                    .contains("execution.checkpointing.timeout")
                    .doesNotContain("Wrapper");
        }

        @Test
        @DisplayName("what the tasks threw is waited for until they are restarted")
        void failedAndRestarts() {
            failsWith("x.CheckpointException: FailoverRegion is restarting.", "RESTARTING");
            assertThat(stop())
                    .isInstanceOfSatisfying(
                            Pending.class, pending -> assertThat(pending.what()).contains("is back"));
        }

        @Test
        @DisplayName("what the tasks threw is waited for while Flink may not report it yet, and no longer")
        void failedAndNotReportedYet() {
            failsWith("x.CheckpointException: Checkpoint Coordinator is suspending.", "RUNNING");
            tasksThrew(99, "x.Wrapper: of an earlier restart");
            assertThat(stop()).isInstanceOf(Pending.class);

            tasksThrew(101, "java.lang.UnsupportedOperationException: Not supported yet.");
            assertFailure(stop(), "SavepointError")
                    .contains("Not supported yet.")
                    .contains("NATIVE");

            tasksThrew(99, "x.Wrapper: of an earlier restart");
            assertThat(stop()).isInstanceOf(Pending.class);
            later = Duration.ofSeconds(5);
            assertFailure(stop(), "SavepointError")
                    .contains("Checkpoint Coordinator is suspending.")
                    .doesNotContain("Wrapper");
        }

        @Test
        @DisplayName("a savepoint that could only fail is not asked for: a task waits for a slot")
        void notReady() {
            flink.answers("GET /jobs/" + JOB, 200, """
                    {"state":"RUNNING","vertices":[{"tasks":{"SCHEDULED":0,"RUNNING":2,"FINISHED":1}},\
                    {"tasks":{"SCHEDULED":1,"RUNNING":0,"FINISHED":0}}]}""");
            assertFailure(stop(), "JobNotReady").contains("2 running, 1 waiting for a slot");
            assertThat(flink.requests()).noneMatch(request -> request.startsWith("POST"));
        }

        private static final String LARGE = "x".repeat(5 << 20);

        @Test
        @DisplayName("a job whose plan is larger than any answer that is read is stopped all the same")
        void largePlan() {
            flink.answers("GET /jobs/" + JOB, 200, """
                    {"state":"RUNNING","vertices":[{"name":"a","tasks":{"SCHEDULED":0,"RUNNING":2}}],\
                    "status-counts":{"RUNNING":1},"plan":{"nodes":[{"id":1,"description":"%s"}]}}""".formatted(LARGE))
                    .answers("POST /jobs/" + JOB + "/stop", 202, "{\"request-id\":\"" + TRIGGER + "\"}");
            assertThat(stop()).isInstanceOf(Pending.class);
            assertThat(flink.requests().getLast()).startsWith("POST /jobs/" + JOB + "/stop");
        }

        @Test
        @DisplayName("a job of many vertices of which one waits for a slot is not stopped, however large its plan is")
        void largePlanNotReady() {
            flink.answers("GET /jobs/" + JOB, 200, """
                    {"state":"RUNNING","vertices":[{"tasks":{"RUNNING":2}},{"tasks":{"SCHEDULED":1}}],"plan":"%s"}\
                    """.formatted(LARGE));
            assertFailure(stop(), "JobNotReady").contains("2 running, 1 waiting for a slot");
        }

        @Test
        @DisplayName("a failed savepoint is concluded, and names its cause, however large what Flink says of it is")
        void failedAtLength() {
            flink.answers(STATUS, 200, """
                    {"status":{"id":"COMPLETED"},"operation":{"failure-cause":{"class":"x.CompletionException","stack-trace":\
                    "x.CompletionException: wrapper\\nCaused by: x.CheckpointException: FailoverRegion is restarting.\\n\\tat a.B",\
                    "serialized-throwable":"%s"}}}""".formatted(LARGE))
                    .answers("GET /jobs/" + JOB, 200, "{\"state\":\"RUNNING\",\"plan\":\"" + LARGE + "\"}");
            flink.answers("GET /jobs/" + JOB + "/exceptions?maxExceptions=5", 200, """
                    {"exceptionHistory":{"entries":[{"exceptionName":"x.Wrapper","stacktrace":\
                    "x.Wrapper: wrapper\\nCaused by: java.io.IOException: no space","timestamp":101},\
                    {"exceptionName":"x.Old","stacktrace":"%s","timestamp":5}]}}""".formatted(LARGE));
            flink.answers("GET /jobs/" + JOB + "/checkpoints", 200, """
                    {"history":[{"id":3,"is_savepoint":true,"status":"FAILED","trigger_timestamp":100},\
                    {"id":2,"failure_message":"%s"}]}""".formatted(LARGE));
            assertFailure(stop(), "SavepointError")
                    .contains("java.io.IOException: no space (x.CheckpointException: FailoverRegion is restarting.)");
        }

        @Test
        @DisplayName(
                "where the history of exceptions is cut off, what the tasks threw last is at the top up to Flink 1.20")
        void failedAtLengthBefore2() {
            failsWith("x.CheckpointException: FailoverRegion is restarting.", "RUNNING");
            flink.answers("GET /jobs/" + JOB + "/exceptions?maxExceptions=5", 200, """
                    {"root-exception":"x.Wrapper: wrapper\\nCaused by: java.io.IOException: no space","timestamp":101,\
                    "all-exceptions":[{"exception":"%s"}],"exceptionHistory":{"entries":[]}}""".formatted(LARGE));
            assertFailure(stop(), "SavepointError").contains("java.io.IOException: no space (x.CheckpointException");
        }

        @Test
        @DisplayName("a failed savepoint is concluded although the JobManager does not say what the tasks threw")
        void failedAndNotExplained() {
            failsWith("x.CheckpointException: Checkpoint expired before completing.", "RUNNING");
            tasksThrew(99, "x.Wrapper: wrapper");
            flink.holds("GET /jobs/" + JOB + "/exceptions?maxExceptions=5");
            assertFailure(stop(), "SavepointError").contains("Checkpoint expired before completing.");
        }

        @Test
        @DisplayName("no secret in an exception of the tasks, or in the cause of a failure, becomes part of a failure")
        void secrets() {
            failsWith("x.CheckpointException: is restarting, see https://u:hunter2@logs/x", "RUNNING");
            tasksThrew(101, "x.SqlException: jdbc:mysql://db/orders?user=flink&password=hunter2");
            assertFailure(stop(), "SavepointError")
                    .doesNotContain("hunter2")
                    .contains("x.SqlException: jdbc:mysql://db/orders?******")
                    .contains("https://******@logs/x");
        }

        @Test
        @DisplayName("nor does one in an error with which Flink refuses a request")
        void secretsOfErrors() {
            flink.answers("GET /jobs/" + JOB, 200, "{\"state\":\"RUNNING\"}")
                    .answers("POST /jobs/" + JOB + "/stop", 400, "{\"errors\":[\"no access: password=hunter2\"]}");
            assertFailure(stop(), "SavepointError").endsWith("no access: password=******");
        }

        @Test
        @DisplayName("the id is forgotten, and the job was stopped by a savepoint: that is the one")
        void forgottenButStopped() {
            flink.answers("GET /jobs/" + JOB, 200, "{\"state\":\"FINISHED\"}");
            latestSavepoint("SYNC_SAVEPOINT");
            assertThat(stop())
                    .isEqualTo(new Done(Map.of("savepoint", "s3://bucket/savepoints/2", "checkpointId", "7")));
        }

        @Test
        @DisplayName("the id is forgotten, and the job went on after its savepoint: that is not where it ended")
        void forgottenAndGoneOn() {
            flink.answers("GET /jobs/" + JOB, 200, "{\"state\":\"FINISHED\"}")
                    .answers(
                            "GET /jobs/" + JOB + "/checkpoints",
                            200,
                            "{\"latest\":{\"completed\":{\"id\":8},\"savepoint\":{\"id\":7,\"checkpoint_type\":"
                                    + "\"SYNC_SAVEPOINT\",\"external_path\":\"s3://bucket/savepoints/2\"}}}");
            assertFailure(stop(), "SavepointError").contains("not by a savepoint");
        }

        @Test
        @DisplayName("id and time of a savepoint are kept with its path, as long as Flink tells them")
        void proof() {
            flink.answers(
                            STATUS,
                            200,
                            "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"location\":\"s3://bucket/savepoints/2\"}}")
                    .answers(
                            "GET /jobs/" + JOB + "/checkpoints",
                            200,
                            "{\"latest\":{\"savepoint\":{\"id\":7,\"latest_ack_timestamp\":1700000000000,"
                                    + "\"external_path\":\"s3://bucket/savepoints/2\"}}}");
            assertThat(stop())
                    .isEqualTo(new Done(Map.of(
                            "savepoint",
                            "s3://bucket/savepoints/2",
                            "checkpointId",
                            "7",
                            "savedAt",
                            "2023-11-14T22:13:20Z")));
        }

        @Test
        @DisplayName("a savepoint that was written although the job failed to end is the one")
        @Tag("S141")
        void writtenButFailed() {
            flink.answers(STATUS, 200, """
                    {"status":{"id":"COMPLETED"},"operation":{"failure-cause":{"class":"x.StopException","stack-trace":\
                    "x.StopException: A savepoint has been created at: s3://bucket/savepoints/4, but the job failed"}}}""");
            assertThat(stop()).as("whether it is the newest state is not known").isInstanceOf(Pending.class);
            latest(6, 4);
            assertThat(stop())
                    .isEqualTo(new Done(Map.of("savepoint", "s3://bucket/savepoints/4", "checkpointId", "7")));
            latest(8, 4);
            assertFailure(stop(), "SavepointError").contains("checkpoint 8").contains("upgradeMode to last-state");
            latest(6, 5);
            assertFailure(stop(), "SavepointError").contains("savepoint s3://bucket/savepoints/5");
        }

        private void latest(int completed, int savepoint) {
            flink.answers(
                    "GET /jobs/" + JOB + "/checkpoints",
                    200,
                    "{\"latest\":{\"completed\":{\"id\":" + completed
                            + "},\"savepoint\":{\"id\":7,\"checkpoint_type\":\"SYNC_SAVEPOINT\","
                            + "\"external_path\":\"s3://bucket/savepoints/" + savepoint + "\"}}}");
        }

        @Test
        @DisplayName("no answer, and the answer of one that does not serve, say nothing about the stop")
        void unknown() {
            flink.answers("GET /jobs/" + JOB, 404, "{\"errors\":[\"Not found: /jobs/" + JOB + "\"]}");
            assertThat(stop()).isInstanceOf(Pending.class);
            flink.answers("GET /jobs/" + JOB, 200, "{\"state\":\"RUNNING\"}")
                    .answers("POST /jobs/" + JOB + "/stop", 503, "{}");
            assertThat(stop()).isInstanceOf(Pending.class);
            flink.answers(STATUS, 200, "<html>");
            assertThat(stop()).isInstanceOf(Pending.class);
            flink.answers(STATUS, 500, "{\"errors\":[\"no leader\"]}");
            assertThat(stop())
                    .isInstanceOfSatisfying(
                            Pending.class,
                            pending -> assertThat(pending.toString()).contains("no leader"));
            flink.hangs(true);
            assertThat(stop()).isInstanceOf(Pending.class);
        }

        @Test
        @DisplayName("the job ended by itself: an older savepoint does not do")
        void endedByItself() {
            flink.answers("GET /jobs/" + JOB, 200, "{\"state\":\"FINISHED\"}");
            latestSavepoint("SAVEPOINT");
            assertFailure(stop(), "SavepointError").contains("not by a savepoint");
        }

        private void latestSavepoint(String type) {
            flink.answers(
                    "GET /jobs/" + JOB + "/checkpoints",
                    200,
                    "{\"latest\":{\"savepoint\":{\"id\":7,\"checkpoint_type\":\"" + type
                            + "\",\"external_path\":\"s3://bucket/savepoints/2\"}}}");
        }

        @Test
        @DisplayName("a job that does not run, or is not there, cannot be stopped; nothing is triggered")
        void notRunning() {
            flink.answers("GET /jobs/" + JOB, 200, "{\"state\":\"RESTARTING\"}");
            assertFailure(stop(), "SavepointError").contains("it is RESTARTING");
            flink.answers("GET /jobs/" + JOB, 404, "{\"errors\":[\"Job " + JOB + " not found\"]}");
            assertFailure(stop(), "JobNotFound").contains("not found");
            assertThat(flink.requests()).noneMatch(request -> request.startsWith("POST"));
        }
    }

    @Nested
    @DisplayName("snapshots")
    class OfRunningJobs {
        @Test
        @DisplayName("a savepoint")
        void savepoint() {
            flink.answers("POST /jobs/" + JOB + "/savepoints", 202, "{}");
            assertThat(api.triggerSnapshot(CLUSTER, JOB, TRIGGER, Optional.of(SAVEPOINT)))
                    .isInstanceOf(Pending.class);
            assertThat(flink.requests().getLast()).contains("\"target-directory\":\"s3://bucket/savepoints\"");

            flink.answers(
                    "GET /jobs/" + JOB + "/savepoints/" + TRIGGER,
                    200,
                    "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"location\":\"s3://bucket/savepoints/3\"}}");
            assertThat(api.triggerSnapshot(CLUSTER, JOB, TRIGGER, Optional.of(SAVEPOINT)))
                    .isEqualTo(new Done(Map.of("savepoint", "s3://bucket/savepoints/3")));
        }

        @Test
        @DisplayName("a checkpoint, whose path has to be looked up")
        void checkpoint() {
            flink.answers("POST /jobs/" + JOB + "/checkpoints", 202, "{}");
            assertThat(api.triggerSnapshot(CLUSTER, JOB, TRIGGER, Optional.empty()))
                    .isInstanceOf(Pending.class);

            flink.answers(
                            "GET /jobs/" + JOB + "/checkpoints/" + TRIGGER,
                            200,
                            "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{\"checkpointId\":9}}")
                    .answers(
                            "GET /jobs/" + JOB + "/checkpoints/details/9",
                            200,
                            "{\"id\":9,\"external_path\":\"s3://bucket/checkpoints/9\"}");
            assertThat(api.triggerSnapshot(CLUSTER, JOB, TRIGGER, Optional.empty()))
                    .isEqualTo(new Done(Map.of("checkpoint", "s3://bucket/checkpoints/9")));
        }

        @Test
        @DisplayName("disposal, also of one that is gone")
        void dispose() {
            flink.answers("POST /savepoint-disposal", 202, "{\"request-id\":\"d1\"}");
            assertThat(api.disposeSnapshot(CLUSTER, "s3://bucket/1", TRIGGER)).isInstanceOf(Pending.class);
            flink.answers("GET /savepoint-disposal/d1", 200, "{\"status\":{\"id\":\"COMPLETED\"},\"operation\":{}}");
            assertThat(api.disposeSnapshot(CLUSTER, "s3://bucket/1", TRIGGER)).isEqualTo(Done.PLAIN);

            flink.answers("GET /savepoint-disposal/d1", 200, """
                    {"status":{"id":"COMPLETED"},"operation":{"failure-cause":{"class":"x","stack-trace":\
                    "x\\nCaused by: java.io.FileNotFoundException: no such savepoint"}}}""");
            assertThat(api.disposeSnapshot(CLUSTER, "s3://bucket/1", TRIGGER)).isInstanceOf(Pending.class);
            assertThat(api.disposeSnapshot(CLUSTER, "s3://bucket/1", TRIGGER)).isEqualTo(Done.PLAIN);
        }
    }

    @Test
    @DisplayName("rescale puts the requirements as they are given")
    void rescale() {
        var requirements = JsonNodeFactory.instance.objectNode();
        requirements.withObject("/v1/parallelism").put("lowerBound", 1).put("upperBound", 4);
        flink.answers("PUT /jobs/" + JOB + "/resource-requirements", 200, "{}");
        assertThat(api.rescale(CLUSTER, JOB, requirements)).isEqualTo(Done.PLAIN);
        assertThat(flink.requests().getLast()).endsWith(requirements.toString());

        flink.answers("PUT /jobs/" + JOB + "/resource-requirements", 400, "{\"errors\":[\"not adaptive\"]}");
        assertFailure(api.rescale(CLUSTER, JOB, requirements), "RescaleFailed").contains("not adaptive");
    }
}
