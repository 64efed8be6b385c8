package io.drey.plugin.nativek8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.FlinkConfigurationTree;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkVersion;
import io.drey.spi.resource.JobManagerSpec;
import io.drey.spi.resource.Resource;
import io.drey.spi.resource.ResourceRequirements;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountsTest {
    @ParameterizedTest
    @CsvSource({
        "2g, 2147483648",
        "2gb, 2147483648",
        "'2 gb', 2147483648",
        "2048m, 2147483648",
        "2Gi, 2147483648",
        "'2 Gi', 2147483648",
        "2GiB, 2147483648",
        "1.5Gi, 1610612736",
        "1.5G, 1500000000",
        "512Mi, 536870912",
        "1e9, 1000000000",
        "1P, 1000000000000000",
        "1000, 1000",
    })
    @Tag("S337")
    void readsMemoryInBothNotations(String text, long bytes) {
        assertThat(MemoryText.parse(text, "f").getBytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "2Xi", "1.2.3Gi", "1i", "9e99"})
    void saysWhichMemoryItCannotRead(String text) {
        assertThatThrownBy(() -> MemoryText.parse(text, "spec.jobManager.resource.memory"))
                .hasMessage("spec.jobManager.resource.memory: found '" + text
                        + "', must be an amount of memory such as 2g, 2048m or 2Gi. Write it in one of these forms");
    }

    @ParameterizedTest
    @CsvSource({"500m, 0.5", "1, 1.0", "0.25, 0.25", "1e1, 10.0", "1k, 1000.0"})
    void readsCpu(String text, double cpu) {
        assertThat(CpuText.parse(text, "f")).isEqualTo(cpu);
    }

    @Test
    void keys_of_flink_1_for_memory_mean_the_whole_process_where_no_newer_one_is_set() {
        var old = new FlinkConfig(Map.of("jobmanager.heap.size", "2g", "taskmanager.heap.mb", "1728"));

        assertThat(OldHeapKeys.renamed(old, FlinkVersion.V1_20).values())
                .isEqualTo(Map.of("jobmanager.memory.process.size", "2g", "taskmanager.memory.process.size", "1728m"));
        var both = old.with("jobmanager.memory.flink.size", "1g").with("taskmanager.memory.process.size", "2g");
        assertThat(OldHeapKeys.renamed(both, FlinkVersion.V1_20)).isEqualTo(both);
        assertThat(OldHeapKeys.renamed(old, FlinkVersion.V2_0))
                .as("unknown there")
                .isEqualTo(old);
    }

    @Test
    void a_spec_with_keys_of_flink_1_for_memory_is_launched() {
        var spec = FlinkDeploymentSpec.EMPTY
                .withFlinkVersion(FlinkVersion.V1_18)
                .withFlinkConfiguration(FlinkConfigurationTree.of(
                        Map.of("jobmanager.heap.size", "1600m", "taskmanager.heap.size", "2g")));

        assertThat(Launched.of(spec).file())
                .contains("jobmanager.memory.process.size: 1600m\n", "taskmanager.memory.process.size: 2g\n");
        assertThat(Launched.of(spec)
                        .objects()
                        .getFirst()
                        .at("/spec/template/spec/containers/0/resources/requests/memory")
                        .asText())
                .isEqualTo("1600Mi");
    }

    @Test
    @Tag("S338")
    void theNewFieldBeatsTheDeprecatedOne() {
        var deprecated = new Resource(Optional.of(4.0), Optional.of("8g"), Optional.of("1Gi"), Map.of());

        var amounts = amounts(Optional.of(deprecated), Map.of(), Map.of("memory", "2Gi"));
        assertThat(amounts.memory().orElseThrow().getMebiBytes()).isEqualTo(2048);
        assertThat(amounts.memoryLimitFactor()).isEmpty();
        assertThat(amounts.cpu()).isEmpty();
        assertThat(amounts.requests()).isEmpty();

        var empty = amounts(Optional.of(deprecated), Map.of(), Map.of());
        assertThat(empty.cpu()).contains(4.0);
        assertThat(empty.requests()).isEqualTo(Map.of("ephemeral-storage", "1Gi"));
        assertThat(empty.limits()).isEqualTo(Map.of("ephemeral-storage", "1Gi"));
    }

    @Test
    @Tag("S338")
    void aLimitIsAFactorOfTheRequest() {
        var amounts = amounts(
                Optional.empty(),
                Map.of("memory", "2g", "cpu", "500m", "gpu", "1"),
                Map.of("memory", "3Gi", "cpu", "2"));

        assertThat(amounts.memoryLimitFactor()).contains(1.5);
        assertThat(amounts.cpuLimitFactor()).contains(4.0);
        assertThat(amounts.requests()).isEqualTo(Map.of("gpu", "1"));
        assertThat(amounts.limits()).isEmpty();
    }

    @Test
    void refusesARequestAboveItsLimit() {
        assertThatThrownBy(() -> amounts(Optional.empty(), Map.of("cpu", "2"), Map.of("cpu", "1")))
                .hasMessage("spec.jobManager.resources: found a cpu request above the limit, must be at most the limit."
                        + " Raise spec.jobManager.resources.limits.cpu");
    }

    private static Amounts amounts(
            Optional<Resource> deprecated, Map<String, String> requests, Map<String, String> limits) {
        var resources = new ResourceRequirements(List.of(), limits, requests, Map.of());
        return Amounts.ofJobManager(FlinkDeploymentSpec.EMPTY.withJobManager(
                new JobManagerSpec(deprecated, Optional.of(resources), 1, Optional.empty(), Map.of())));
    }
}
