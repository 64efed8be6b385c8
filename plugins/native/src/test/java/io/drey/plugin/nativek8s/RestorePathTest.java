package io.drey.plugin.nativek8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.resource.FlinkConfigurationTree;
import io.drey.spi.resource.FlinkVersion;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The state that a job starts from is chosen by its operation; a configuration cannot choose another. */
class RestorePathTest {
    private static final String STALE = "s3://b/stale";
    private static final Map<String, String> HA = Map.of("high-availability.type", "KUBERNETES");

    @ParameterizedTest
    @CsvSource({
        "execution.savepoint.path, v1_16",
        "execution.savepoint.path, v1_20",
        "execution.savepoint.path, v2_3",
        "execution.state-recovery.path, v1_18",
        "execution.state-recovery.path, v1_20",
        "execution.state-recovery.path, v2_0",
        "' execution.savepoint.path\t', v1_18",
        "'execution.state-recovery.path ', v1_20",
    })
    void no_name_of_the_key_in_a_spec_or_in_defaults_starts_a_job_from_old_state(String key, FlinkVersion version) {
        var inSpec = Launched.of(version, Map.of(key, STALE));
        var inDefaults = Launched.of(version, Map.of()).platform(Map.of(key, STALE));

        assertThat(inSpec.file()).doesNotContain("stale");
        assertThat(inDefaults.file()).doesNotContain("stale");
        assertThat(inSpec.spec(spec -> spec.toBuilder().job(Optional.empty()).build())
                        .file())
                .as("jobs of a session cluster start from its default")
                .doesNotContain("stale");
    }

    @Test
    void a_tree_is_no_other_spelling() {
        var tree = Launched.json("{'execution': {'savepoint': {'path': 's3://b/stale'}}}");
        var launch = Launched.of(FlinkVersion.V1_20, Map.of());
        tree.setAll((ObjectNode) launch.resource().spec().flinkConfiguration().tree());

        assertThat(launch.spec(spec -> spec.withFlinkConfiguration(new FlinkConfigurationTree(tree)))
                        .file())
                .contains("jobmanager.memory.process.size")
                .doesNotContain("stale");
    }

    @ParameterizedTest
    @ValueSource(strings = {"execution.savepoint.path", "execution.state-recovery.path"})
    void what_the_operation_restores_wins(String key) {
        var from = Rendering.operation(Restore.path("s3://b/chosen"));

        assertThat(Launched.of(FlinkVersion.V1_18, Map.of(key, STALE))
                        .operation(from)
                        .file())
                .contains("execution.savepoint.path: s3://b/chosen\n")
                .doesNotContain("stale");
        assertThat(Launched.of(FlinkVersion.V2_3, Map.of(key, STALE))
                        .operation(from)
                        .file())
                .contains("s3://b/chosen")
                .doesNotContain("stale");
    }

    @ParameterizedTest
    @ValueSource(strings = {STALE, JobConfig.LAST_STATE})
    void metadata_without_a_checkpoint_starts_empty(String path) {
        var launch = Launched.of(FlinkVersion.V1_20, HA)
                .platform(Map.of("execution.savepoint.path", path))
                .operation(Rendering.operation(Restore.HIGH_AVAILABILITY))
                .metadata();

        assertThat(launch.file()).doesNotContain(path);
    }

    @Test
    void a_checkpoint_in_metadata_is_restored_from_nowhere_else() {
        var launch = Launched.of(FlinkVersion.V1_20, HA)
                .platform(Map.of("execution.savepoint.path", STALE))
                .operation(Rendering.operation(Restore.HIGH_AVAILABILITY).keep(Operation.CHECKPOINT_ID, "7"))
                .metadata();

        assertThat(launch.file())
                .contains("execution.state-recovery.path: " + JobConfig.LAST_STATE + "\n")
                .doesNotContain("stale");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Dexecution.savepoint.path=s3://b/stale",
                "-Da=b -D execution.state-recovery.path=s3://b/stale",
                "-D'execution.savepoint.path'='s3://b/stale'"
            })
    void arguments_of_the_entry_point_that_would_win_are_refused(String arguments) {
        var launch = Launched.of(FlinkVersion.V2_3, Map.of("kubernetes.jobmanager.entrypoint.args", arguments));

        assertThatThrownBy(launch::objects)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("kubernetes.jobmanager.entrypoint.args: found execution.s")
                .hasMessageContaining("spec.job.initialSavepointPath");
    }
}
