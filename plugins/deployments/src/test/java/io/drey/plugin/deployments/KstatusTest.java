package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.plugin.deployments.PodProblem.Role;
import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FlinkJobs.Tasks;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Phase;
import io.drey.testkit.Simulation;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The status that {@code kubectl wait}, Flux and Argo CD see: the rules of kstatus, on resources as they are stored. */
class KstatusTest {
    private static final String BATCH = "execution.runtime-mode: batch";
    private static final Failure BAD = new Failure(ErrorKind.USER, "CannotRender", "spec.image: found no image");
    private static final Failure GONE = new Failure(ErrorKind.EXTERNAL, "KubernetesError", "the API server is away");

    /** As the library of kstatus has it for custom resources. */
    private static String kstatus(JsonNode object) {
        if (object.path("metadata").has("deletionTimestamp")) {
            return "Terminating";
        }
        var status = object.path("status");
        if (status.has("observedGeneration")
                && status.path("observedGeneration").asLong()
                        != object.at("/metadata/generation").asLong()) {
            return "InProgress";
        }
        if (condition(status, "Reconciling").equals("True")) {
            return "InProgress";
        }
        if (condition(status, "Stalled").equals("True")) {
            return "Failed";
        }
        return condition(status, "Ready").equals("True") ? "Current" : "InProgress";
    }

    private static String condition(JsonNode status, String type) {
        return status.path("conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asText().equals(type))
                .map(condition -> condition.path("status").asText())
                .findFirst()
                .orElse("Unknown");
    }

    private static Passes application() {
        return new Passes(Yaml.application("a")).strategy("stateless", Changes.STATELESS);
    }

    private static Passes launched() {
        return application().start().launch();
    }

    private static Passes with(Tasks tasks) {
        return with("", tasks);
    }

    private static Passes with(String keys, Tasks tasks) {
        var passes = new Passes(Yaml.application("a").replace("'2'}", "'2', " + keys + "}"));
        passes.start().launch().sees(Seen.available(1));
        return passes.sees(Seen.job(passes.jobId(), tasks)).rest();
    }

    private static Passes seen(String state) {
        var passes = launched().sees(Seen.available(1));
        return passes.sees(Seen.job(passes.jobId(), state)).rest();
    }

    private static Passes running() {
        return Passes.running(Yaml.application("a")).strategy("stateless", Changes.STATELESS);
    }

    private static Passes session() {
        return new Passes(Yaml.session("a")).start().launch();
    }

    private static Passes suspended() {
        var passes = running().apply(Yaml.application("a", "suspended", "")).start();
        return passes.sees(ClusterObjects.ABSENT)
                .at(Phase.STOPPED)
                .at(Phase.CLEARED)
                .end()
                .rest();
    }

    private static Passes waiting(String reason) {
        return launched()
                .sees(Seen.objects(
                        Seen.deployment(1, 0), Seen.pod("containerStatuses", reason, "as the kubelet says", "")))
                .rest();
    }

    private static Arguments row(String name, String kstatus, String ready, String reason, Supplier<Passes> passes) {
        return Arguments.of(name, kstatus, ready, reason, passes);
    }

    static Stream<Arguments> rows() {
        return Stream.of(
                row(
                        "held by a quota",
                        "InProgress",
                        "False",
                        "Waiting",
                        () -> application().waiting("quota")),
                row(
                        "refused at first",
                        "Failed",
                        "False",
                        "CannotRender",
                        () -> application().refused(BAD)),
                row(
                        "API server away",
                        "InProgress",
                        "False",
                        "KubernetesError",
                        () -> application().refused(GONE)),
                row(
                        "being created",
                        "InProgress",
                        "False",
                        "Create",
                        () -> application().start()),
                row("launched", "InProgress", "False", "Starting", KstatusTest::launched),
                row(
                        "no pod yet",
                        "InProgress",
                        "False",
                        "Starting",
                        () -> launched().sees(Seen.starting(1)).rest()),
                row("image", "InProgress", "False", "ImagePullBackOff", () -> waiting("ImagePullBackOff")),
                row("crash", "InProgress", "False", "CrashLoopBackOff", () -> waiting("CrashLoopBackOff")),
                row(
                        "config",
                        "InProgress",
                        "False",
                        "CreateContainerConfigError",
                        () -> waiting("CreateContainerConfigError")),
                row("scaled to 0", "InProgress", "False", "ScaledToZero", KstatusTest::scaledToZero),
                row("job created", "InProgress", "False", "Starting", () -> seen("CREATED")),
                row("job restarts", "InProgress", "False", "Starting", () -> seen("RESTARTING")),
                row("no slots", "InProgress", "False", "TasksNotRunning", () -> with(new Tasks(0, 2, 0, 0, 0, 0))),
                row("one slot", "InProgress", "False", "TasksNotRunning", () -> with(new Tasks(0, 1, 0, 1, 0, 0))),
                row("tasks start", "InProgress", "False", "TasksNotRunning", () -> with(new Tasks(0, 0, 2, 0, 0, 0))),
                row("a task failed", "InProgress", "False", "TasksNotRunning", () -> with(new Tasks(0, 0, 0, 1, 0, 1))),
                row("all run", "Current", "True", "Stable", () -> with(new Tasks(0, 0, 0, 2, 0, 0))),
                row("one has finished", "Current", "True", "Stable", () -> with(new Tasks(0, 0, 0, 1, 1, 0))),
                row("later stages", "Current", "True", "Stable", () -> with(new Tasks(4, 3, 0, 1, 0, 0))),
                row(
                        "last stage of a batch",
                        "Current",
                        "True",
                        "Stable",
                        () -> with(BATCH, new Tasks(0, 3, 1, 1, 4, 0))),
                row(
                        "batch without slots",
                        "InProgress",
                        "False",
                        "TasksNotRunning",
                        () -> with(BATCH, new Tasks(4, 4, 0, 0, 0, 0))),
                row("tasks unknown", "Current", "True", "Stable", () -> seen("RUNNING")),
                row("finished", "Current", "True", "Stable", () -> seen("FINISHED")),
                row("failed", "Failed", "False", "Failed", () -> seen("FAILED")),
                row("cancelled", "InProgress", "False", "Canceled", () -> seen("CANCELED")),
                row(
                        "lost",
                        "InProgress",
                        "False",
                        "Starting",
                        () -> running().sees(ClusterObjects.ABSENT).rest()),
                row(
                        "upgraded",
                        "InProgress",
                        "False",
                        "Change",
                        () -> running().apply(Yaml.application("b")).start()),
                row(
                        "refused edit, whose generation is not observed",
                        "InProgress",
                        "False",
                        "ValidationError",
                        KstatusTest::refusedEdit),
                row("suspended", "Current", "True", "Suspended", KstatusTest::suspended),
                row("session", "InProgress", "False", "Starting", KstatusTest::session),
                row(
                        "session serves",
                        "Current",
                        "True",
                        "Stable",
                        () -> session()
                                .sees(Seen.available(1))
                                .sees(Seen.serving())
                                .rest()),
                row(
                        "deleted",
                        "Terminating",
                        "False",
                        "Waiting",
                        () -> running().deleted().waiting("a savepoint")));
    }

    private static Passes refusedEdit() {
        return running()
                .apply(Yaml.application("b"))
                .violating(Violation.of("spec.image", "found b", "Use another one"))
                .rest();
    }

    private static Passes scaledToZero() {
        var deployment = Seen.deployment(1, 0);
        deployment.withObject("/spec").put("replicas", 0);
        return running().sees(Seen.objects(deployment)).sees(Seen.unreachable()).rest();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void a_resource_has_the_status_that_its_tasks_have(
            String name, String kstatus, String ready, String reason, Supplier<Passes> passes) {
        var made = passes.get();

        assertThat(kstatus(made.object())).isEqualTo(kstatus);
        assertThat(made.condition("Ready").status()).isEqualTo(ready);
        assertThat(made.condition("Ready").reason()).isEqualTo(reason);
    }

    @Test
    void a_job_stays_as_it_was_until_its_job_manager_is_polled_again() {
        var waits = with(new Tasks(0, 2, 0, 0, 0, 0)).flinkNotAskedYet().rest();
        var runs = with(new Tasks(0, 0, 0, 2, 0, 0)).flinkNotAskedYet().rest();

        assertThat(waits.condition("Ready").holds()).isFalse();
        assertThat(runs.condition("Ready").holds()).isTrue();
    }

    @Test
    void tasks_that_fail_over_make_a_job_unready_until_they_run_again() {
        var passes = with(new Tasks(0, 0, 0, 2, 0, 0));

        passes.sees(Seen.job(passes.jobId(), new Tasks(0, 0, 1, 1, 0, 0))).rest();
        assertThat(kstatus(passes.object())).isEqualTo("InProgress");
        assertThat(passes.condition("Reconciling").message()).contains("wait for a slot, start or restart");

        passes.sees(Seen.job(passes.jobId(), new Tasks(0, 0, 0, 2, 0, 0))).rest();
        assertThat(kstatus(passes.object())).isEqualTo("Current");
    }

    @Test
    void a_job_manager_at_no_replicas_is_told_once_with_the_command_that_starts_it() {
        var passes = scaledToZero();

        assertThat(passes.event("ScaledToZero").message())
                .isEqualTo(passes.condition("Ready").message())
                .contains("0 replicas")
                .contains("asks for 1. kubectl scale deployment job --replicas=1 starts it");
        assertThat(passes.rest().reasons()).isEmpty();
    }

    @Test
    void a_known_problem_of_pods_is_the_reason() {
        var passes = with(new Tasks(0, 2, 0, 0, 0, 0));
        var pod = Simulation.parse("""
                {metadata: {name: tm-1}, status: {conditions: [{type: PodScheduled, status: 'False',
                reason: Unschedulable, message: 1 Insufficient cpu}]}}
                """);
        var problems = KnownPodProblems.NONE.seeing(
                new PodProblems(PodProblem.of(Role.TASK_MANAGER, pod, true)), Passes.BEGIN);

        var ready = new ProgressConditions(passes.resource(), passes.turn(), problems)
                .all()
                .getFirst();

        assertThat(ready.holds()).isFalse();
        assertThat(ready.reason()).isEqualTo("Unschedulable");
        assertThat(ready.message())
                .contains("tm-1")
                .contains("Insufficient cpu")
                .contains("Add nodes");
    }
}
