package io.drey.plugin.nativek8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.drey.core.sweep.ClustersInUse;
import io.drey.core.sweep.ResultStoreSweep;
import io.drey.core.sweep.ResultStoreSweep.Finding;
import io.drey.spi.Decorator.PodTemplates;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.Facts;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.resource.FlinkConfigurationTree;
import io.drey.spi.resource.FlinkVersion;
import io.drey.spi.resource.ResourceMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.highavailability.FileSystemJobResultStore;
import org.apache.flink.runtime.highavailability.JobResultEntry;
import org.apache.flink.runtime.highavailability.JobResultStore;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Flink's own store of job results writes where launches tell it to, and what a sweep leaves of that. */
@Tag("S072")
class ResultStoreTest {
    private static final JobID JOB = new JobID(1, 2);
    private static final YAMLMapper YAML = new YAMLMapper();

    @TempDir
    private Path storage;

    private final Rendering rendering = new Rendering(new NativePlugin());
    private Instant soon;

    @BeforeEach
    void clock() {
        soon = Instant.now().plus(Duration.ofMinutes(1));
    }

    /** The configuration of the launch that this operation makes. */
    private ObjectNode launch(int operation, String version, Map<String, String> more) {
        try {
            var resource = new ResourceMapper().deployment(YAML.readTree("""
                apiVersion: flink.apache.org/v1beta1
                kind: FlinkDeployment
                metadata: {namespace: tests, name: orders, uid: uid-1}
                spec:
                  image: flink
                  flinkVersion: %s
                  serviceAccount: flink
                  flinkConfiguration:
                    high-availability.type: kubernetes
                    high-availability.storageDir: %s
                  jobManager: {resource: {memory: 1600m, cpu: 1}}
                  taskManager: {resource: {memory: 1728m, cpu: 1}}
                  job: {jarURI: 'local:///job.jar', parallelism: 1}
                """.formatted(version, storage.toUri())));
            var none = JsonNodeFactory.instance.objectNode();
            return rendering
                    .objects(
                            resource,
                            new FlinkConfig(more),
                            new PodTemplates(none, none),
                            operation(operation),
                            Facts.NONE)
                    .stream()
                    .filter(object -> object.at("/metadata/name").asText().equals("flink-config-orders"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Operation operation(int number) {
        var like = Rendering.operation(Restore.NONE);
        return like.toBuilder()
                .id(String.format("%032x", number))
                .error(Optional.empty())
                .build();
    }

    /** The store that a JobManager of this launch opens. */
    private static JobResultStore store(JsonNode launch) throws IOException {
        var file = launch.path("data").has("config.yaml") ? "config.yaml" : "flink-conf.yaml";
        var config = new FlinkConfigurationTree(
                        YAML.readTree(launch.path("data").path(file).asText()))
                .flatten();
        var store = FileSystemJobResultStore.fromConfiguration(Configuration.fromMap(config), Runnable::run);
        store.getDirtyResults();
        return store;
    }

    private static JobResultStore ends(JobResultStore store, JobID job) {
        var result = new JobResult.Builder()
                .jobId(job)
                .jobStatus(JobStatus.FINISHED)
                .netRuntime(1)
                .build();
        store.createDirtyResultAsync(new JobResultEntry(result)).join();
        return store;
    }

    private static void cleaned(JobResultStore store, JobID job) {
        store.markResultAsCleanAsync(job).join();
    }

    private List<Finding> sweep(boolean delete, List<JsonNode> configMaps, JsonNode... deployments) throws IOException {
        return new ResultStoreSweep(storage, soon)
                .sweep(() -> ClustersInUse.of(configMaps, List.of(deployments)), delete);
    }

    private List<Path> stores() throws IOException {
        try (var found = Files.walk(storage.resolve("job-result-store"), 2)) {
            return found.filter(path -> path.getNameCount() - storage.getNameCount() == 3)
                    .sorted()
                    .toList();
        }
    }

    /** Why there is one for each launch, and why its entries stay as long as that lasts. */
    @Test
    void a_jobs_end_is_remembered_by_later_job_managers_of_its_launch_and_by_no_other() throws IOException {
        var first = launch(1, "v2_3", Map.of());
        cleaned(ends(store(first), JOB), JOB);

        assertThat(store(first).hasCleanJobResultEntryAsync(JOB).join()).isTrue();
        assertThat(store(launch(2, "v2_3", Map.of()))
                        .hasJobResultEntryAsync(JOB)
                        .join())
                .isFalse();
        var forgets = launch(3, "v2_3", Map.of("job-result-store.delete-on-commit", "true"));
        cleaned(ends(store(forgets), JOB), JOB);
        assertThat(store(forgets).hasJobResultEntryAsync(JOB).join())
                .as("with the user's delete-on-commit: a JobManager that comes later would run the job again")
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"v2_3", "v1_20", "v1_18"})
    void launches_that_are_over_leave_nothing_and_the_one_at_work_keeps_its_memory(String version) throws IOException {
        List<ObjectNode> launches = new ArrayList<>();
        for (int number = 1; number <= 20; number++) {
            launches.add(launch(number, version, Map.of()));
            var store = store(launches.getLast());
            if (number % 2 == 0) {
                cleaned(ends(store, JOB), JOB);
            }
        }
        var current = launches.getLast();
        assertThat(stores()).hasSize(20);

        var told = sweep(false, List.of(current));
        assertThat(told).hasSize(20).filteredOn(Finding::swept).hasSize(19);
        assertThat(stores()).as("a dry run changes nothing").hasSize(20);

        assertThat(sweep(true, List.of(current))).isEqualTo(told);
        assertThat(stores()).hasSize(1);
        assertThat(store(current).hasCleanJobResultEntryAsync(JOB).join()).isTrue();
        assertThat(sweep(true, List.of(current)))
                .containsExactly(new Finding(
                        "orders/" + stores().getFirst().getFileName(), false, "in use by the JobManagers of orders"));
    }

    @Test
    void nothing_is_removed_of_a_cluster_that_an_operation_is_about() throws IOException {
        cleaned(ends(store(launch(1, "v2_3", Map.of())), JOB), JOB);
        var busy = YAML.readTree("{metadata: {name: orders}, status: {operation: {id: x}}}");

        assertThat(sweep(true, List.of(), busy))
                .extracting(Finding::why)
                .containsExactly("an operation of orders is under way");
        assertThat(stores()).hasSize(1);

        var idle = YAML.readTree("{metadata: {name: orders}, status: {operation: null}}");
        assertThat(sweep(true, List.of(), idle)).extracting(Finding::swept).containsExactly(true);
        assertThat(stores()).isEmpty();
    }

    @Test
    void what_was_changed_a_short_time_ago_is_kept() throws IOException {
        cleaned(ends(store(launch(1, "v2_3", Map.of())), JOB), JOB);
        soon = Instant.now().minus(Duration.ofHours(1));

        assertThat(sweep(true, List.of())).extracting(Finding::why).containsExactly("changed a short time ago");
        assertThat(stores()).hasSize(1);
    }

    @Test
    void a_job_whose_cleanup_did_not_end_is_kept_and_named() throws IOException {
        ends(store(launch(1, "v2_3", Map.of())), JOB);

        assertThat(sweep(true, List.of()).getFirst().why()).contains("the cleanup of job " + JOB + " did not end");
        assertThat(stores()).hasSize(1);
    }

    @Test
    void what_is_not_flinks_is_left_alone() throws IOException {
        var store = Files.createDirectories(
                storage.resolve("job-result-store/orders/00000000-0000-0000-0000-000000000001"));
        Files.writeString(store.resolve("notes.txt"), "mine");
        Files.createDirectories(storage.resolve("job-result-store/orders/by-hand"));
        var elsewhere = Files.createDirectories(storage.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve(JOB + ".json"), "{}");
        Files.createSymbolicLink(
                storage.resolve("job-result-store/orders/00000000-0000-0000-0000-000000000002"), elsewhere);
        var linking = Files.createDirectories(
                storage.resolve("job-result-store/orders/00000000-0000-0000-0000-000000000003"));
        Files.createSymbolicLink(linking.resolve(JOB + ".json"), elsewhere.resolve(JOB + ".json"));

        var findings = sweep(true, List.of());

        assertThat(findings).hasSize(3).noneMatch(Finding::swept);
        assertThat(findings).extracting(Finding::why).contains("not named as one of a launch");
        assertThat(elsewhere.resolve(JOB + ".json")).exists();
        assertThat(store.resolve("notes.txt")).exists();
    }

    /** What is there before what is in use is asked, and is not in use, is over: not the other way round. */
    @Test
    void a_launch_between_the_look_and_the_question_is_kept() throws IOException {
        var over = launch(1, "v2_3", Map.of());
        cleaned(ends(store(over), JOB), JOB);
        var now = launch(2, "v2_3", Map.of());

        new ResultStoreSweep(storage, soon)
                .sweep(
                        () -> {
                            try {
                                ends(store(now), JOB);
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                            return ClustersInUse.of(List.of(), List.of());
                        },
                        true);

        assertThat(stores()).hasSize(1);
        assertThat(store(now).hasDirtyJobResultEntryAsync(JOB).join()).isTrue();
    }

    @Test
    void when_nobody_tells_what_is_in_use_nothing_is_removed() throws IOException {
        cleaned(ends(store(launch(1, "v2_3", Map.of())), JOB), JOB);

        assertThatThrownBy(() -> new ResultStoreSweep(storage, soon)
                        .sweep(
                                () -> {
                                    throw new IllegalStateException("forbidden");
                                },
                                true))
                .hasMessage("forbidden");
        assertThat(stores()).hasSize(1);
    }

    @Test
    void a_storage_that_is_none_is_named() {
        assertThatThrownBy(() -> new ResultStoreSweep(storage.resolve("nowhere"), soon)
                        .sweep(() -> ClustersInUse.of(List.of(), List.of()), true))
                .hasMessageContaining("nowhere/job-result-store is not there. --storage must be what");
    }

    @Test
    void versions_are_those_that_are_rendered() {
        assertThat(List.of(FlinkVersion.V2_3, FlinkVersion.V1_20))
                .allSatisfy(version -> assertThat(
                                ClustersInUse.of(List.of(launch(7, version.wire(), Map.of())), List.of())
                                        .resultStores())
                        .hasSize(1)
                        .first()
                        .asString()
                        .startsWith("orders/"));
    }
}
