package io.drey.plugin.nativek8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.drey.spi.resource.FlinkConfigurationTree;
import io.drey.spi.resource.FlinkVersion;
import io.drey.spi.resource.ResourceMapper;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessMemoryTest {
    private static final Pattern LEAST = Pattern.compile("must be at least (\\d+m) ");

    @Test
    void too_little_for_a_job_manager_names_the_field_and_the_least_that_works() {
        assertThatThrownBy(launch("512m", "1024m", Map.of())::objects)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "spec.jobManager.resource.memory: found 512m, must be at least 704m with the other"
                                + " settings as they are. Raise it, or lower the parts of it that jobmanager.memory.* sets.");
    }

    @ParameterizedTest
    @CsvSource({
        "512m, 1024m, spec.jobManager",
        "64m, 1024m, spec.jobManager",
        "1024m, 300m, spec.taskManager",
        "1024m, 1m, spec.taskManager",
    })
    void the_least_amount_that_is_named_works(String jobManager, String taskManager, String field) {
        var refused = catchThrowable(launch(jobManager, taskManager, Map.of())::objects);
        assertThat(refused).hasMessageStartingWith(field + ".resource.memory: found ");
        var least = LEAST.matcher(refused.getMessage());
        assertThat(least.find()).isTrue();

        var raised = field.equals("spec.jobManager")
                ? launch(least.group(1), taskManager, Map.of())
                : launch(jobManager, least.group(1), Map.of());
        assertThatCode(raised::objects).doesNotThrowAnyException();
    }

    @Test
    void the_parts_that_are_set_count() {
        assertThatThrownBy(launch("512m", "1024m", Map.of("jobmanager.memory.jvm-metaspace.size", "512m"))::objects)
                .hasMessageStartingWith("spec.jobManager.resource.memory: found 512m, must be at least 960m ");
        assertThatThrownBy(launch("1g", "1g", Map.of("taskmanager.memory.managed.size", "1g"))::objects)
                .hasMessageStartingWith("spec.taskManager.resource.memory: found 1g, must be at least ");
    }

    @Test
    void the_newer_field_and_the_key_are_named_as_the_user_wrote_them() {
        var newer = launch(
                "{'resource': {'memory': '2g'}, 'resources': {'limits': {'memory': '400Mi'}}}",
                "{'resource': {'memory': '1g'}}",
                FlinkConfigurationTree.EMPTY);

        assertThatThrownBy(newer::objects)
                .hasMessageStartingWith("spec.jobManager.resources.limits.memory: found 400Mi, must be at least 704m ");
        assertThatThrownBy(Launched.of(FlinkVersion.V1_20, Map.of("jobmanager.memory.process.size", "100m"))::objects)
                .hasMessageStartingWith("jobmanager.memory.process.size: found 100m, must be at least 704m ");
    }

    @Test
    void parts_that_no_amount_is_enough_for_are_named() {
        assertThatThrownBy(launch(
                        "1g",
                        "1g",
                        Map.of(
                                "jobmanager.memory.jvm-overhead.min", "1g",
                                "jobmanager.memory.jvm-overhead.max", "200m"))::objects)
                .hasMessageStartingWith(
                        "spec.jobManager.resource.memory: found 1g, must be what Flink can divide, and no"
                                + " amount is. Mend jobmanager.memory.* in spec.flinkConfiguration.");
    }

    private static Launched launch(String jobManager, String taskManager, Map<String, String> config) {
        return launch(
                "{'resource': {'cpu': 0.2, 'memory': '" + jobManager + "'}}",
                "{'resource': {'cpu': 0.2, 'memory': '" + taskManager + "'}}",
                FlinkConfigurationTree.of(config));
    }

    private static Launched launch(String jobManager, String taskManager, FlinkConfigurationTree config) {
        var resource = Launched.json("{'spec': {'flinkVersion': 'v2_3', 'jobManager': " + jobManager
                + ", 'taskManager': " + taskManager + ", 'job': {'parallelism': 2}}}");
        return Launched.of(new ResourceMapper().deployment(resource).spec().withFlinkConfiguration(config));
    }
}
