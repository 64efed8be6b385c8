package io.drey.core.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.core.port.Schedule;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.fact.FlinkJobs.Tasks;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.resource.ResourceRef;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PollerTest {
    private static final FlinkRef CLUSTER = new FlinkRef("default", "top-speed", 8081);
    private static final ResourceRef RESOURCE = new ResourceRef("FlinkDeployment", "default", "top-speed");
    private static final String JOB = "00000000000000000000000000000001";
    private static final Duration EVERY = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(40);

    private final FakeJobManager flink = new FakeJobManager();
    private final List<ResourceRef> told = new CopyOnWriteArrayList<>();
    private final List<String> moved = new CopyOnWriteArrayList<>();
    private final FlinkRest rest = new FlinkRest(Duration.ofMillis(400));
    private final FlinkRest patient = new FlinkRest(Duration.ofSeconds(30));
    private Poller poller = poller(flink);

    private Poller poller(Endpoints endpoints) {
        Schedule schedule = (ref, priority) -> {
            assertThat(priority).isEqualTo(Schedule.Priority.EVENT);
            told.add(ref);
        };
        return new Poller(new Wire(rest, endpoints, Clock.systemUTC()), schedule, (ref, jobs) -> moved.addAll(jobs));
    }

    @AfterEach
    void close() {
        poller.close();
        rest.close();
        patient.close();
        flink.close();
    }

    private FlinkJobs view() {
        return poller.view(RESOURCE, CLUSTER, Optional.empty(), EVERY).jobs();
    }

    /** Large answers take time on a busy machine. */
    private void patient() {
        poller.close();
        poller = new Poller(
                new Wire(patient, flink, Clock.systemUTC()), (ref, priority) -> {}, (ref, jobs) -> moved.addAll(jobs));
    }

    private void awaitReach(Reach reach) {
        view();
        await().atMost(LONG).until(() -> view().reach() == reach);
    }

    private void serves() {
        flink.lists(JOB, "RUNNING")
                .answers("GET /config", 200, "{\"flink-version\":\"2.3.0\",\"flink-revision\":\"abc @ 2026\"}")
                .answers("GET /overview", 200, "{\"taskmanagers\":2,\"slots-total\":4}");
    }

    @Test
    @DisplayName("nothing is waited for: before the first look a view says that nothing answers")
    void firstView() {
        var polled = poller.view(RESOURCE, CLUSTER, Optional.empty(), EVERY);
        assertThat(polled.jobs()).isEqualTo(FlinkJobs.UNREACHABLE);
        assertThat(polled.at()).isEqualTo(Instant.MIN);
        await().until(() -> told.equals(List.of(RESOURCE)));
    }

    @Test
    @DisplayName("jobs are told without the TaskManagers that are slow to be counted, and again with them")
    void slowDetails() {
        serves();
        flink.holds("GET /overview");
        try (var slow = new Poller(
                new Wire(patient, flink, Clock.systemUTC()),
                (ref, priority) -> told.add(ref),
                (ref, jobs) -> moved.addAll(jobs))) {
            await().until(() ->
                    slow.view(RESOURCE, CLUSTER, Optional.empty(), EVERY).jobs().reach() == Reach.SERVING);
            var soon = slow.view(RESOURCE, CLUSTER, Optional.empty(), EVERY).jobs();
            assertThat(soon.jobs()).singleElement().extracting(Job::state).isEqualTo("RUNNING");
            assertThat(soon.taskManagers()).isZero();

            flink.releases();

            await().until(() ->
                    slow.view(RESOURCE, CLUSTER, Optional.empty(), EVERY).jobs().taskManagers() == 2);
            await().until(() -> told.size() == 2);
        }
    }

    @Test
    @DisplayName("a JobManager that serves: jobs, version and TaskManagers; told once")
    void serving() {
        serves();
        awaitReach(Reach.SERVING);
        assertThat(view())
                .isEqualTo(new FlinkJobs(
                        Reach.SERVING,
                        List.of(new Job(
                                JOB,
                                "Top speed",
                                "RUNNING",
                                Instant.ofEpochMilli(1_700_000_000_000L),
                                Optional.empty(),
                                Optional.of(new Tasks(0, 0, 0, 2, 0, 0)))),
                        Map.of("flink-version", "2.3.0", "flink-revision", "abc @ 2026"),
                        2));
        var before = told.size();
        var asked = flink.asked("GET /jobs/overview");
        await().until(() -> flink.asked("GET /jobs/overview") > asked + 3);
        assertThat(told).hasSize(before);
        assertThat(flink.asked("GET /config")).isEqualTo(1);
        assertThat(flink.asked("GET /overview")).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "a port without its dispatcher is a JobManager that starts, and so is anything else that lists no jobs")
    void starting() {
        awaitReach(Reach.STARTING);
        flink.answers("GET /jobs/overview", 503, "{\"errors\":[\"Service temporarily unavailable\"]}");
        awaitReach(Reach.STARTING);
        serves();
        awaitReach(Reach.SERVING);
        flink.answers("GET /jobs/overview", 200, "<html>It works!</html>");
        awaitReach(Reach.STARTING);
        assertThat(view().jobs()).isEmpty();
    }

    @Test
    @DisplayName("a change of a job's state is told of, and the reason of a failure is read once")
    void failed() {
        serves();
        awaitReach(Reach.SERVING);
        flink.answers("GET /jobs/" + JOB + "/exceptions", 200, """
            {"exceptionHistory":{"entries":[{"exceptionName":"org.apache.flink.runtime.JobException","stacktrace":\
            "org.apache.flink.runtime.JobException: Recovery is suppressed\\n\\tat a.B.c(B.java:1)\\n\
            Caused by: java.lang.IllegalStateException: wrapper\\n\\tat a.B.c(B.java:2)\\n\
            Caused by: java.io.IOException: disk full\\n\\tat a.B.c(B.java:3)\\n","timestamp":1}],"truncated":false}}\
            """);
        told.clear();
        flink.lists(JOB, "FAILED");
        await().until(() -> view().job(JOB).flatMap(Job::failure).isPresent());

        assertThat(view().job(JOB).orElseThrow().failure())
                .hasValueSatisfying(stack -> assertThat(stack)
                        .startsWith(
                                "org.apache.flink.runtime.JobException: Recovery is suppressed\n\tat a.B.c(B.java:1)\n")
                        .contains("Caused by: java.io.IOException: disk full"));
        assertThat(told).contains(RESOURCE);
        var asked = flink.asked("GET /jobs/overview");
        await().until(() -> flink.asked("GET /jobs/overview") > asked + 2);
        assertThat(flink.asked("GET /jobs/" + JOB + "/exceptions")).isEqualTo(1);
    }

    @Test
    @DisplayName("why a job failed is in its result, as long as Flink answers with its exceptions of the time before")
    void failedWhileItStarted() {
        serves();
        awaitReach(Reach.SERVING);
        flink.answers("GET /jobs/" + JOB + "/exceptions", 200, """
            {"root-exception":null,"exceptionHistory":{"entries":[],"truncated":false}}\
            """);
        flink.answers("GET /jobs/" + JOB + "/execution-result", 503, "{}");
        flink.lists(JOB, "FAILED");
        var asked = flink.asked("GET /jobs/" + JOB + "/execution-result");
        await().until(() -> flink.asked("GET /jobs/" + JOB + "/execution-result") > asked + 1);
        assertThat(view().job(JOB).orElseThrow().failure()).as("not told yet").isEmpty();

        flink.answers("GET /jobs/" + JOB + "/execution-result", 200, """
            {"status":{"id":"COMPLETED"},"job-execution-result":{"id":"%s","application-status":"FAILED",\
            "failure-cause":{"class":"a.B","stack-trace":"a.B: no state\\n\\tat a.B.c(B.java:1)",\
            "serialized-throwable":"rO0ABXNy"}}}\
            """.formatted(JOB));
        await().until(() -> view().job(JOB).flatMap(Job::failure).isPresent());

        assertThat(view().job(JOB).orElseThrow().failure()).contains("a.B: no state\n\tat a.B.c(B.java:1)");
    }

    @Test
    @DisplayName("a task that waits for a slot is told of, and TaskManagers are not counted anew for it")
    void tasks() {
        serves();
        awaitReach(Reach.SERVING);
        assertThat(view().job(JOB).orElseThrow().working()).isTrue();
        var counted = flink.asked("GET /overview");
        told.clear();

        flink.lists(JOB, "RUNNING", "{\"total\":3,\"created\":0,\"scheduled\":1,\"initializing\":1,\"running\":1}");
        await().until(() -> told.contains(RESOURCE));

        var job = view().job(JOB).orElseThrow();
        assertThat(job.tasks()).contains(new Tasks(0, 1, 1, 1, 0, 0));
        assertThat(job.working()).isFalse();
        assertThat(flink.asked("GET /overview")).isEqualTo(counted);
    }

    @Test
    @DisplayName("of a stack trace that is very long the exceptions are kept")
    void longStackTrace() {
        serves();
        var frames = "\\n\\tat a.B.c(B.java:1)".repeat(2000);
        flink.answers("GET /jobs/" + JOB + "/exceptions", 200, """
            {"exceptionHistory":{"entries":[{"stacktrace":"a.B: outer%s\\nCaused by: a.C: inner%s"}]}}\
            """.formatted(frames, frames))
                .lists(JOB, "FAILED");
        view();
        await().until(() -> view().job(JOB).flatMap(Job::failure).isPresent());

        assertThat(view().job(JOB).orElseThrow().failure()).contains("a.B: outer\nCaused by: a.C: inner");
    }

    @Test
    @DisplayName("the failure of a job is kept without its secrets")
    void secrets() {
        serves();
        flink.answers("GET /jobs/" + JOB + "/exceptions", 200, """
            {"root-exception":"a.B: jdbc:mysql://db/orders?user=flink&password=hunter2 is down\\n\\tat a.B.c(B.java:1)"}\
            """).lists(JOB, "FAILED");
        view();
        await().until(() -> view().job(JOB).flatMap(Job::failure).isPresent());

        assertThat(view().job(JOB).orElseThrow().failure())
                .contains("a.B: jdbc:mysql://db/orders?****** is down\n\tat a.B.c(B.java:1)");
    }

    @Test
    @DisplayName("a JobManager that hangs is not asked twice at a time, and is found again after a refresh")
    void hangs() {
        serves();
        awaitReach(Reach.SERVING);
        flink.hangs(true);
        awaitReach(Reach.UNREACHABLE);
        var asked = flink.asked("GET /jobs/overview");
        flink.hangs(false);
        poller.refresh(CLUSTER);
        awaitReach(Reach.SERVING);
        assertThat(flink.asked("GET /jobs/overview")).isGreaterThan(asked);
    }

    @Test
    @DisplayName("a port that nobody listens to, and an address that is not known")
    void nobody() {
        serves();
        awaitReach(Reach.SERVING);
        flink.close();
        awaitReach(Reach.UNREACHABLE);

        poller.close();
        poller = poller(cluster -> Optional.empty());
        told.clear();
        view();
        await().until(() -> !told.isEmpty());
        assertThat(view().reach()).isEqualTo(Reach.UNREACHABLE);
    }

    @Test
    @DisplayName("an address that cannot be looked up ends neither the polls of its cluster nor those of others")
    void lookupFails() {
        serves();
        poller.close();
        poller = poller(cluster -> {
            if (cluster.equals(CLUSTER) && told.isEmpty()) {
                throw new IllegalStateException("no API server");
            }
            return Optional.of(flink.address());
        });
        awaitReach(Reach.SERVING);
    }

    @Test
    @DisplayName("nobody is left who wants to know: the polls end")
    void forget() {
        serves();
        awaitReach(Reach.SERVING);
        assertThat(poller.polls().clusters()).isEqualTo(1);
        poller.forget(RESOURCE);
        assertThat(poller.polls().clusters()).isZero();
    }

    @Test
    @DisplayName("a change in Kubernetes is followed by a poll, however seldom the cluster is polled otherwise")
    void changed() {
        serves();
        var seldom = Duration.ofHours(1);
        poller.view(RESOURCE, CLUSTER, Optional.empty(), seldom);
        await().until(() -> !told.isEmpty());
        var asked = flink.asked("GET /jobs/overview");
        flink.lists(JOB, "RESTARTING");

        poller.changed(RESOURCE);

        await().until(() -> told.size() == 2);
        assertThat(flink.asked("GET /jobs/overview")).isEqualTo(asked + 1);
        assertThat(poller.late()).isZero();
    }

    @Test
    @DisplayName("jobs of which a task has failed are named, though they run")
    void moved() {
        serves();
        awaitReach(Reach.SERVING);
        assertThat(moved).isEmpty();
        flink.answers("GET /jobs/overview", 200, """
            {"jobs":[{"jid":"%s","name":"Top speed","start-time":1700000000000,"state":"RUNNING",\
            "last-modification":1700000009000}]}\
            """.formatted(JOB));
        await().until(() -> moved.contains(JOB));
        assertThat(moved).containsExactly(JOB);
    }

    @Test
    @DisplayName("a list of jobs that is cut says nothing about any job")
    void endless() {
        patient();
        serves();
        awaitReach(Reach.SERVING);
        flink.answers("GET /jobs/overview", 200, "{\"jobs\":[" + "{\"jid\":\"a\"},".repeat(400_000) + "{}]}");
        awaitReach(Reach.STARTING);
        assertThat(view().jobs()).isEmpty();
    }

    @Test
    @DisplayName("of a thousand failed jobs the newest twenty are asked for their failures, one after the other")
    void manyFailures() {
        patient();
        serves();
        awaitReach(Reach.SERVING);
        var jobs = IntStream.range(0, 1000)
                .mapToObj(i ->
                        "{\"jid\":\"job%d\",\"name\":\"n\",\"state\":\"FAILED\",\"start-time\":%d}".formatted(i, i))
                .collect(Collectors.joining(","));
        flink.answers("GET /jobs/overview", 200, "{\"jobs\":[" + jobs + "]}");
        for (int i = 980; i < 1000; i++) {
            flink.answers("GET /jobs/job" + i + "/exceptions", 200, "{\"root-exception\":\"broken\"}");
        }
        await().atMost(LONG)
                .until(() -> view().jobs().stream()
                                .filter(job -> job.failure().isPresent())
                                .count()
                        == 20);
        assertThat(flink.requests().stream()
                        .filter(request -> request.endsWith("/exceptions"))
                        .distinct())
                .hasSize(20);
    }
}
