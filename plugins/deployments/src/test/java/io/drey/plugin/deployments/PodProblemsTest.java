package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.loop.Requeue;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.ResourceRef;
import io.drey.testkit.FakeDeployer;
import io.drey.testkit.FeatureSets;
import io.drey.testkit.Simulation;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods that do not work, as events and in the condition {@code Degraded}. */
class PodProblemsTest {
    private static final ResourceRef REF = new ResourceRef("FlinkDeployment", "tests", "job");

    private final Simulation sim = new Simulation(
            new FeatureSets()
                    .plugin(new DeploymentsPlugin(), Clock.systemUTC())
                    .deployer(new FakeDeployer())
                    .build(),
            new FlinkConfig(
                    Map.of("high-availability.type", "kubernetes", "high-availability.storageDir", "file:/ha")));

    private PodProblemsTest apply(String image, int jobManagers) {
        sim.apply(Yaml.application(image).replace("jobManager: {", "jobManager: {replicas: " + jobManagers + ", "));
        sim.converge(REF);
        return this;
    }

    private static String waiting(String reason, String message) {
        return "containerStatuses: [{name: flink-main-container, state: {waiting: {reason: " + reason + ", message: '"
                + message + "'}}}]";
    }

    private static String ended(String state, String reason, int code, String at) {
        return "containerStatuses: [{name: flink-main-container, " + state + ": {terminated: {reason: " + reason
                + ", exitCode: " + code + ", message: 'password=secret', finishedAt: '" + at + "'}}}]";
    }

    private static String unscheduled(String since) {
        return "conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, lastTransitionTime: '" + since
                + "', message: '0/1 nodes are available: 1 Insufficient memory.'}]";
    }

    private ObjectNode pod(String component, String name, String status) {
        var pod = (ObjectNode) Simulation.parse("""
            apiVersion: v1
            kind: Pod
            metadata:
              namespace: tests
              name: %s
              labels: {app: job, component: %s, type: flink-native-kubernetes}
            status: {%s}
            """.formatted(name, component, status));
        pod.withObject("/metadata")
                .putArray("ownerReferences")
                .addObject()
                .put(
                        "uid",
                        sim.kubernetes()
                                .peekAll("Deployment")
                                .getFirst()
                                .at("/metadata/uid")
                                .asText());
        return pod;
    }

    private void taskManager(int number, String status) {
        sim.kubernetes().put(pod("taskmanager", "job-taskmanager-1-" + number, status));
    }

    private void taskManagerGone(int number) {
        sim.kubernetes().vanish(new ObjectKey("v1", "Pod", "tests", "job-taskmanager-1-" + number));
    }

    private String now() {
        return sim.clock().instant().toString();
    }

    private Optional<String> degraded() {
        return condition("Degraded");
    }

    private String ready() {
        return condition("Ready").orElseThrow();
    }

    private Optional<String> condition(String type) {
        return sim.status(REF)
                .path("conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asText().equals(type))
                .map(condition -> condition.path("status").asText() + " "
                        + condition.path("reason").asText() + " "
                        + condition.path("message").asText())
                .findFirst();
    }

    private List<Event> events() {
        return sim.kubernetes().events().stream()
                .filter(event ->
                        event.key().filter(key -> key.startsWith("pod-problem")).isPresent())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ImagePullBackOff           | Check that spec.image
        ErrImagePull               | imagePullSecrets
        CrashLoopBackOff           | kubectl logs job-taskmanager-1-1 -c flink-main-container --previous
        CreateContainerConfigError | ConfigMaps, Secrets
        """)
    void a_task_manager_that_waits_is_told_with_what_to_do(String reason, String mend) {
        apply("flink:2.3", 1);

        taskManager(1, waiting(reason, "as the kubelet says"));
        sim.converge(REF);

        assertThat(events()).hasSize(1);
        assertThat(events().getFirst().type()).isEqualTo(Event.Type.WARNING);
        assertThat(events().getFirst().reason()).isEqualTo(reason);
        assertThat(events().getFirst().component()).isEqualTo("Job");
        assertThat(events().getFirst().message())
                .startsWith("TaskManager pod job-taskmanager-1-1, container flink-main-container: " + reason)
                .contains(mend);
        assertThat(degraded())
                .contains("True " + reason + " " + events().getFirst().message());
    }

    @Test
    void one_that_was_killed_for_its_memory_is_told_and_nothing_of_what_it_wrote() {
        apply("flink:2.3", 1);

        taskManager(1, ended("state", "OOMKilled", 137, now()));
        sim.converge(REF);

        assertThat(events()).extracting(Event::reason).containsExactly("OOMKilled");
        assertThat(events().getFirst().message())
                .contains("exit code 137")
                .contains("raise spec.taskManager.resource.memory")
                .doesNotContain("secret");
    }

    @Test
    void one_that_ends_is_told_and_one_that_was_told_to_end_is_not() {
        apply("flink:2.3", 1);

        taskManager(1, ended("state", "Completed", 0, now()));
        var leaving = pod("taskmanager", "job-taskmanager-1-2", ended("state", "Error", 143, now()));
        leaving.withObject("/metadata").put("deletionTimestamp", now());
        sim.kubernetes().put(leaving);
        var earlier = pod("taskmanager", "job-taskmanager-1-3", ended("state", "Error", 1, now()));
        earlier.withObject("/metadata").putArray("ownerReferences").addObject().put("uid", "of the launch before");
        sim.kubernetes().put(earlier);
        sim.converge(REF);
        assertThat(events()).isEmpty();
        assertThat(degraded()).isEmpty();

        taskManager(4, ended("state", "Error", 1, now()));
        sim.converge(REF);
        assertThat(events().getFirst().message())
                .contains("job-taskmanager-1-4")
                .contains("Error: exit code 1");
    }

    @Test
    void a_node_may_take_some_time_to_come() {
        apply("flink:2.3", 1);
        taskManager(1, unscheduled(now()));

        sim.step(REF, Duration.ofSeconds(1));
        var again = sim.pass(REF);
        assertThat(events()).isEmpty();
        assertThat(again)
                .isInstanceOfSatisfying(
                        Requeue.After.class, after -> assertThat(after.delay()).isLessThan(Duration.ofSeconds(31)));

        sim.clock().advance(Duration.ofSeconds(31));
        sim.pass(REF);
        assertThat(events()).extracting(Event::reason).containsExactly("Unschedulable");
        assertThat(events().getFirst().message())
                .contains("0/1 nodes are available: 1 Insufficient memory. Add nodes")
                .contains("lower spec.taskManager.resource");
    }

    /** They are asked for when the job begins to run, however long it was not ready before. */
    @Test
    void task_managers_of_a_job_that_took_long_to_start_have_time_to_come() {
        apply("flink:2.3", 1);
        sim.flink().becomes("tests", "job", "RESTARTING");
        sim.step(REF, Duration.ofMinutes(2));
        sim.flink().becomes("tests", "job", "RUNNING");
        sim.flink().waitsForSlots("tests", "job", true);
        sim.step(REF, Duration.ofSeconds(5));
        sim.step(REF, Duration.ofSeconds(5));

        sim.step(REF, Duration.ofSeconds(5));
        assertThat(degraded()).isEmpty();

        sim.clock().advance(Duration.ofSeconds(31));
        sim.converge(REF);
        assertThat(degraded().orElse("")).contains("TaskManagersMissing");
    }

    @Test
    void task_managers_that_cannot_be_made_are_told_with_where_to_look() {
        apply("flink:2.3", 1);
        sim.flink().waitsForSlots("tests", "job", true);
        sim.step(REF, Duration.ofSeconds(1));
        assertThat(ready()).startsWith("False TasksNotRunning");
        var again = sim.pass(REF);
        assertThat(events()).isEmpty();
        assertThat(again)
                .isInstanceOfSatisfying(
                        Requeue.After.class, after -> assertThat(after.delay()).isLessThan(Duration.ofSeconds(31)));

        sim.clock().advance(Duration.ofSeconds(31));
        sim.converge(REF);
        assertThat(events()).extracting(Event::reason).containsExactly("TaskManagersMissing");
        assertThat(events().getFirst().message())
                .startsWith(
                        "TaskManagers: TaskManagersMissing: tasks wait for a slot, and no TaskManager pod could be made")
                .contains("kubectl describe quota")
                .contains("spec.serviceAccount");
        assertThat(ready()).startsWith("False TaskManagersMissing TaskManagers: ");
        assertThat(degraded()).isPresent();
        int writes = sim.kubernetes().log().size();
        sim.clock().advance(Duration.ofMinutes(20));
        sim.converge(REF);
        assertThat(sim.kubernetes().log()).hasSize(writes);

        sim.flink().waitsForSlots("tests", "job", false);
        sim.converge(REF);
        assertThat(ready()).isEqualTo("True Stable runs, as the spec asks");
    }

    @Test
    void a_task_manager_that_starts_is_not_missing() {
        apply("flink:2.3", 1);
        sim.flink().waitsForSlots("tests", "job", true);
        taskManager(1, waiting("ContainerCreating", ""));
        sim.converge(REF);
        sim.clock().advance(Duration.ofMinutes(2));
        sim.converge(REF);
        assertThat(events()).isEmpty();

        taskManager(
                1, "containerStatuses: [{name: flink-main-container, state: {running: {startedAt: '" + now() + "'}}}]");
        sim.converge(REF);
        sim.clock().advance(Duration.ofMinutes(2));
        sim.converge(REF);
        assertThat(events()).isEmpty();

        sim.clock().advance(Duration.ofMinutes(1));
        sim.converge(REF);
        assertThat(events()).extracting(Event::reason).containsExactly("TaskManagersMissing");
    }

    @Test
    void many_pods_with_the_same_are_one_problem() {
        apply("flink:2.3", 1);

        for (int number = 1; number <= 9; number++) {
            taskManager(number, waiting("ImagePullBackOff", "Back-off pulling image"));
        }
        sim.converge(REF);

        assertThat(events()).hasSize(1);
        assertThat(events().getFirst().message()).startsWith("TaskManager pod job-taskmanager-1-1 and 8 more,");
    }

    /** Native TaskManagers are never restarted in their pods: each failure is another pod. */
    @Test
    void a_loop_of_failures_is_told_once_and_costs_no_write_for_each() {
        apply("flink:2.3", 1);
        taskManager(1, ended("state", "OOMKilled", 137, now()));
        sim.converge(REF);
        int writes = sim.kubernetes().log().size();
        int reads = sim.kubernetes().liveReads();

        for (int number = 2; number < 20; number++) {
            taskManagerGone(number - 1);
            sim.step(REF, Duration.ofSeconds(5));
            taskManager(number, ended("state", "OOMKilled", 137, now()));
            sim.step(REF, Duration.ofSeconds(5));
        }

        assertThat(events()).hasSize(1);
        assertThat(degraded()).isPresent();
        assertThat(sim.kubernetes().log()).hasSize(writes);
        assertThat(sim.kubernetes().liveReads()).isEqualTo(reads);
    }

    @Test
    void the_reasons_of_one_problem_alternate() {
        apply("flink:2.3", 1);
        taskManager(1, waiting("ErrImagePull", "not found"));
        sim.converge(REF);
        int writes = sim.kubernetes().log().size();

        taskManager(1, waiting("ImagePullBackOff", "Back-off"));
        sim.converge(REF);
        sim.clock().advance(Duration.ofMinutes(10));
        sim.converge(REF);

        assertThat(sim.kubernetes().log()).hasSize(writes);
    }

    @Test
    void what_is_over_is_forgotten_and_told_again_when_it_comes_back() {
        apply("flink:2.3", 1);
        taskManager(1, ended("state", "OOMKilled", 137, now()));
        sim.converge(REF);
        taskManagerGone(1);
        var again = sim.pass(REF);
        assertThat(again)
                .isInstanceOfSatisfying(
                        Requeue.After.class, after -> assertThat(after.delay()).isPositive());

        sim.clock().advance(KnownPodProblems.HELD);
        sim.converge(REF);
        assertThat(degraded()).isEmpty();
        assertThat(sim.status(REF).at("/plugins/deployments").has("podProblems"))
                .isFalse();

        taskManager(2, ended("state", "OOMKilled", 137, now()));
        sim.converge(REF);
        assertThat(events()).hasSize(2);
    }

    @Test
    void only_so_many_are_remembered() {
        var problems = Stream.of("a", "b", "c", "d", "e", "f", "g")
                .flatMap(name -> PodProblem.of(
                        PodProblem.Role.TASK_MANAGER,
                        bare(name, waiting("CrashLoopBackOff", "").replace("flink-main-container", name)),
                        true)
                        .stream())
                .toList();

        assertThat(KnownPodProblems.NONE
                        .seeing(new PodProblems(problems), Passes.BEGIN)
                        .problems())
                .hasSize(5);
    }

    private static ObjectNode bare(String name, String status) {
        return (ObjectNode) Simulation.parse("{metadata: {name: " + name + "}, status: {" + status + "}}");
    }

    @Test
    void a_standby_that_does_not_start_is_told_and_the_leader_goes_on() {
        apply("flink:2.3", 2);
        sim.cluster().losesJobManager("tests", "job");
        sim.kubernetes().put(pod("jobmanager", "job-pod-9", unscheduled("2025-12-31T00:00:00Z")));
        sim.converge(REF);

        assertThat(sim.status(REF).path("lifecycleState").asText()).isEqualTo("STABLE");
        assertThat(sim.status(REF).has("error")).isFalse();
        assertThat(degraded().orElseThrow())
                .startsWith("True Unschedulable JobManager pod job-pod-9: Unschedulable: 0/1 nodes")
                .contains("spec.jobManager.resource");
        assertThat(events()).extracting(Event::component).containsExactly("JobManagerDeployment");

        sim.cluster().jobManagersReturn("tests", "job");
        sim.kubernetes().vanish(new ObjectKey("v1", "Pod", "tests", "job-pod-9"));
        sim.clock().advance(KnownPodProblems.HELD);
        sim.converge(REF);
        assertThat(degraded()).isEmpty();
    }

    @Test
    void why_no_job_manager_starts_is_told_once_as_the_error_and_is_in_the_condition() {
        apply("flink:unpullable", 1);

        assertThat(sim.status(REF).path("error").asText()).contains("Back-off pulling image");
        assertThat(sim.kubernetes().events())
                .filteredOn(event -> event.reason().equals("ImagePullBackOff"))
                .hasSize(1);
        assertThat(degraded().orElseThrow()).startsWith("True ImagePullBackOff JobManager pod job-pod-0,");
    }

    @Test
    void a_job_manager_that_runs_again_after_a_kill_is_well_after_some_time() {
        apply("flink:2.3", 1);
        sim.kubernetes().put(pod("jobmanager", "job-pod-0", ended("lastState", "OOMKilled", 137, now())));
        sim.converge(REF);
        assertThat(events()).extracting(Event::reason).containsExactly("OOMKilled");

        sim.clock().advance(KnownPodProblems.HELD.plusSeconds(1));
        sim.converge(REF);

        assertThat(degraded()).isEmpty();
        assertThat(events()).hasSize(1);
    }

    @Test
    void a_job_manager_that_crashes_says_its_exceptions_and_nothing_else_of_its_log() {
        apply("flink:2.3", 1);
        sim.cluster().losesJobManager("tests", "job");
        var pod = pod("jobmanager", "job-pod-0", waiting("CrashLoopBackOff", "back-off 10s restarting"));
        pod.withObject("/status/containerStatuses/0/lastState/terminated")
                .put("exitCode", 239)
                .put("message", """
                    INFO s3.secret-key: hunter2
                    a.b.ClusterEntrypointException: no cluster
                    \tat a.B.c(B.java:1)
                    Caused by: java.nio.file.AccessDeniedException: /ha
                    """);
        sim.kubernetes().put(pod);

        sim.converge(REF);

        assertThat(degraded().orElseThrow())
                .contains("CrashLoopBackOff: ClusterEntrypointException: no cluster -> AccessDeniedException: /ha")
                .doesNotContain("hunter2");
        assertThat(sim.status(REF).path("error").asText())
                .contains("AccessDeniedException: /ha")
                .doesNotContain("hunter2");
        assertThat(sim.kubernetes().events())
                .filteredOn(event -> event.reason().equals("CrashLoopBackOff"))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.message())
                        .contains("AccessDeniedException: /ha")
                        .doesNotContain("hunter2"));
    }

    @Test
    void an_exchange_of_the_pods_begins_anew() {
        apply("flink:2.3", 1);
        taskManager(1, waiting("ImagePullBackOff", "Back-off"));
        sim.converge(REF);
        assertThat(degraded()).isPresent();

        sim.delete(REF);
        sim.step(REF, Duration.ofSeconds(1));

        assertThat(degraded()).isEmpty();
    }
}
