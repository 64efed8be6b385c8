package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Reach;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code clusterInfo}: what Flink says of itself, and what the cluster may take. */
class ClusterInfoTest {
    private static final String GIB = "1073741824";

    private final Passes passes = Passes.running(Yaml.application("a"));

    private FlinkJobs taskManagers(int count) {
        return new FlinkJobs(
                Reach.SERVING,
                List.of(new Job(
                        passes.jobId(), "word count", "RUNNING", Seen.STARTED, Optional.empty(), Optional.empty())),
                Map.of("flink-version", "2.3.0", "flink-revision", "abc"),
                count);
    }

    private static Map<String, String> totals(String jobManager, String taskManager, String configuration, int count) {
        var yaml = Yaml.application("a")
                .replace("jobManager: {resource: {memory: 1g, cpu: 1}}", "jobManager: " + jobManager)
                .replace("taskManager: {resource: {memory: 1g, cpu: 1}}", "taskManager: " + taskManager)
                .replace("{taskmanager.numberOfTaskSlots: '2'}", configuration);
        var spec = new Passes(yaml).resource().spec();
        return ClusterSize.totals(spec, Passes.config(spec), count);
    }

    @Test
    void version_and_totals_of_a_cluster_that_serves() {
        passes.sees(taskManagers(3)).rest();

        assertThat(passes.status().clusterInfo())
                .isEqualTo(Map.of(
                        "flink-version", "2.3.0",
                        "flink-revision", "abc",
                        "total-cpu", "4.0",
                        "total-memory", "4294967296"));
    }

    @Test
    void they_change_with_the_task_managers_that_are_registered_and_with_nothing_else() {
        passes.sees(taskManagers(1)).rest();
        var before = passes.json();

        passes.rest();
        assertThat(passes.json()).isEqualTo(before);

        passes.sees(taskManagers(2)).rest();
        assertThat(passes.status().clusterInfo()).containsEntry("total-cpu", "3.0");
        passes.sees(taskManagers(1)).rest();
        assertThat(passes.json()).isEqualTo(before);
    }

    @Test
    void a_job_manager_that_does_not_answer_changes_nothing() {
        passes.sees(taskManagers(2)).rest();
        var before = passes.status().clusterInfo();

        passes.sees(Seen.unreachable()).rest();

        assertThat(passes.status().clusterInfo()).isEqualTo(before);
    }

    @Test
    void what_others_keep_there_stays() {
        var info = new HashMap<>(passes.status().clusterInfo());
        info.put("ClusterHealthInfo", "{}");
        passes.status(passes.status().withClusterInfo(info));

        passes.sees(taskManagers(2)).rest();

        assertThat(passes.status().clusterInfo()).containsEntry("ClusterHealthInfo", "{}");
    }

    @Test
    void an_edit_counts_once_it_is_deployed() {
        passes.apply(Yaml.application("a").replace("{memory: 1g, cpu: 1}", "{memory: 8g, cpu: 8}"));

        passes.sees(taskManagers(1)).rest();

        assertThat(passes.status().clusterInfo()).containsEntry("total-cpu", "2.0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    the deprecated field  | {resource: {memory: 2g, cpu: 0.5}}                                | {resource: {memory: 1g, cpu: 2}}     | {}                                                                                                      | 2 | 4.5 | 4294967296
                    replicas              | {resource: {memory: 1g, cpu: 1}, replicas: 3}                     | {resource: {memory: 1g, cpu: 1}}     | {}                                                                                                      | 1 | 4.0 | 4294967296
                    no task manager       | {resource: {memory: 1g, cpu: 1}}                                  | {resource: {memory: 1g, cpu: 1}}     | {}                                                                                                      | 0 | 1.0 | 1073741824
                    limits                | {resources: {requests: {memory: 1Gi, cpu: 500m}, limits: {memory: 2Gi, cpu: 2}}} | {resources: {requests: {memory: 1Gi, cpu: 1}}} | {}                                                                             | 1 | 3.0 | 3221225472
                    limits only           | {resources: {limits: {memory: 1Gi, cpu: 250m}}}                   | {resource: {memory: 1g, cpu: 1}}     | {}                                                                                                      | 1 | 1.25 | 2147483648
                    factors               | {resource: {memory: 1g, cpu: 1}}                                  | {resource: {memory: 1g, cpu: 1}}     | {kubernetes.jobmanager.cpu.limit-factor: '2', kubernetes.taskmanager.cpu.limit-factor: '1.5', kubernetes.taskmanager.memory.limit-factor: '3.0'} | 2 | 5.0 | 7516192768
                    configuration         | {}                                                                | {}                                   | {jobmanager.memory.process.size: 1g, taskmanager.memory.process.size: 2g, kubernetes.jobmanager.cpu: '2', kubernetes.taskmanager.cpu.amount: '3'} | 1 | 5.0 | 3221225472
                    default of the CPUs   | {resource: {memory: 1g}}                                          | {resource: {memory: 1g}}             | {}                                                                                                      | 2 | 3.0 | 3221225472
                    """)
    @Tag("S341")
    void totals_are_amount_by_factor_by_number(
            String what,
            String jobManager,
            String taskManager,
            String configuration,
            int count,
            String cpu,
            String memory) {
        assertThat(totals(jobManager, taskManager, configuration, count))
                .as(what)
                .isEqualTo(Map.of("total-cpu", cpu, "total-memory", memory));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                              | {jobmanager.memory.flink.size: 1g, taskmanager.memory.process.size: 1g}
                    {resource: {memory: much, cpu: 1}}              | {taskmanager.memory.process.size: 1g}
                    {resource: {memory: 1g, cpu: 1}}                | {taskmanager.memory.process.size: 1g, kubernetes.taskmanager.memory.limit-factor: much}
                    """)
    void memory_that_cannot_be_told_is_left_out(String jobManager, String configuration) {
        assertThat(totals(jobManager, "{}", configuration, 1)).containsOnlyKeys("total-cpu");
    }

    @Test
    void a_total_that_cannot_be_told_any_more_is_removed() {
        passes.sees(taskManagers(0)).rest();
        assertThat(passes.status().clusterInfo()).containsEntry("total-memory", GIB);

        var parts = new Passes(Yaml.application("a").replace("memory: 1g, ", ""));
        parts.start().launch();
        parts.status(parts.status().withClusterInfo(passes.status().clusterInfo()));
        parts.sees(Seen.available(1)).sees(Seen.job(parts.jobId(), "RUNNING")).rest();

        assertThat(parts.status().clusterInfo()).containsKey("total-cpu").doesNotContainKey("total-memory");
    }
}
