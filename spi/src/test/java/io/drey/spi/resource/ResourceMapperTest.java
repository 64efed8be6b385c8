package io.drey.spi.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceMapperTest {
    private final YAMLMapper yaml = new YAMLMapper();
    private final ResourceMapper mapper = new ResourceMapper();

    @ParameterizedTest
    @ValueSource(strings = {"flinkdeployment", "flinksessionjob", "flinkstatesnapshot", "flinkbluegreendeployment"})
    void everythingThatWasReadIsWrittenBack(String example) {
        var raw = example(example);

        var read = mapper.read(raw);
        var written = mapper.write(read);

        assertThat(written.get("status")).isEqualTo(normal(raw).get("status"));
        assertThat(written.get("spec")).isEqualTo(normal(raw).get("spec"));
        assertThat(mapper.read(written)).isEqualTo(read).hasSameHashCodeAs(read);
    }

    @Test
    void readsMetadata() {
        var metadata = mapper.read(example("flinkdeployment")).metadata();

        assertThat(metadata)
                .isEqualTo(new Metadata(
                        "flink",
                        "orders",
                        "5f1c1e9e-6f0e-4f5a-9d5f-0a0f6f1d2c3b",
                        7,
                        "4711",
                        Map.of("team", "payments"),
                        Map.of("note", "yes"),
                        List.of("flinkdeployments.flink.apache.org/finalizer"),
                        Instant.parse("2026-11-01T10:00:00Z"),
                        Optional.empty(),
                        List.of(new OwnerReference(
                                "flink.apache.org/v1beta1", "FlinkBlueGreenDeployment", "shop", "abc", false, true))));
        assertThat(mapper.read(example("flinkdeployment")).ref()).hasToString("FlinkDeployment flink/orders");
    }

    @Test
    void readsValuesAndKeepsUnknownOnes() {
        var deployment = mapper.deployment(example("flinkdeployment"));
        var job = deployment.spec().job().orElseThrow();

        assertThat(job.upgradeMode()).isEqualTo(UpgradeMode.LAST_STATE);
        assertThat(job.state()).isEqualTo(JobState.SUSPENDED);
        assertThat(job.args()).containsExactly("--in", "kafka");
        assertThat(job.unknown()).containsOnlyKeys("speculativeExecution");
        assertThat(deployment.spec().flinkVersion()).contains(new FlinkVersion("v9_9"));
        assertThat(deployment.spec().flinkVersion().orElseThrow().isKnown()).isFalse();
        assertThat(deployment.spec().modeOrDefault().isKnown()).isFalse();
        assertThat(deployment
                        .spec()
                        .jobManager()
                        .orElseThrow()
                        .resources()
                        .orElseThrow()
                        .requests())
                .containsExactly(Map.entry("cpu", "1"), Map.entry("memory", "2Gi"));
        assertThat(deployment.status().jobStatus().state().orElseThrow().isKnown())
                .isFalse();
        assertThat(deployment.status().operation().orElseThrow().restore().path())
                .contains("s3://bucket/sp-2");
        assertThat(deployment.status().unknown()).containsOnlyKeys("futureStatus");
    }

    @Test
    void appliesTheContractsDefaults() {
        var empty = mapper.deployment(raw("{metadata: {name: a, namespace: b}, spec: {job: {}, jobManager: {}}}"));

        assertThat(empty.spec().job()).contains(JobSpec.EMPTY);
        assertThat(JobSpec.EMPTY.state()).isEqualTo(JobState.RUNNING);
        assertThat(JobSpec.EMPTY.upgradeMode()).isEqualTo(UpgradeMode.STATELESS);
        assertThat(JobSpec.EMPTY.parallelism()).isZero();
        assertThat(empty.spec().jobManager()).contains(JobManagerSpec.EMPTY);
        assertThat(JobManagerSpec.EMPTY.replicas()).isEqualTo(1);
        assertThat(empty.status()).isEqualTo(FlinkDeploymentStatus.EMPTY);
        assertThat(empty.status().reconciliationStatus().state()).isEqualTo(ReconciliationState.UPGRADING);
        assertThat(empty.status().jobManagerDeploymentStatus()).isEqualTo(JobManagerDeploymentStatus.MISSING);

        var snapshot = mapper.stateSnapshot(raw("{spec: {savepoint: {}}}"));
        assertThat(snapshot.spec().backoffLimit()).isEqualTo(-1);
        assertThat(snapshot.spec().savepoint().orElseThrow().disposeOnDelete()).isTrue();
        assertThat(snapshot.spec().savepoint().orElseThrow().formatType()).isEqualTo(SavepointFormatType.CANONICAL);
        assertThat(snapshot.status().state()).isEqualTo(SnapshotState.TRIGGER_PENDING);
        assertThat(snapshot.ref()).isEqualTo(new ResourceRef("FlinkStateSnapshot", "", ""));
    }

    @Test
    void explicitNullsCountAsAbsent() {
        var spec = mapper.deployment(raw("""
                {spec: {job: {upgradeMode: null, args: null, parallelism: null, state: null},
                 jobManager: {replicas: null}, podTemplate: null, flinkConfiguration: null, mode: null},
                 status: {jobStatus: null, reconciliationStatus: {state: null}, conditions: null, clusterInfo: null}}"""));

        assertThat(spec.spec().job()).contains(JobSpec.EMPTY);
        assertThat(spec.spec().jobManager()).contains(JobManagerSpec.EMPTY);
        assertThat(spec.spec().podTemplate()).isEmpty();
        assertThat(spec.spec().flinkConfiguration()).isEqualTo(FlinkConfigurationTree.EMPTY);
        assertThat(spec.status()).isEqualTo(FlinkDeploymentStatus.EMPTY);
    }

    @Test
    void snapshotTimesAreWholeSeconds() {
        var status = FlinkStateSnapshotStatus.builder()
                .triggerTimestamp(Optional.of(Instant.parse("2026-11-01T10:00:00.987654Z")))
                .build();

        assertThat(mapper.write(status).get("triggerTimestamp").textValue()).isEqualTo("2026-11-01T10:00:00Z");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {job: {parallelism: four}}      | FlinkDeployment f/o: spec.job.parallelism: found "four", must be a whole number
            {job: {args: [{a: 1}]}}         | FlinkDeployment f/o: spec.job.args[0]: found an object, must be text
            {job: [1]}                      | FlinkDeployment f/o: spec.job: found a list, must be an object
            {flinkConfiguration: text}      | FlinkDeployment f/o: spec.flinkConfiguration: must be a map of configuration keys to values, found string
            {job: {allowNonRestoredState: maybe}} | FlinkDeployment f/o: spec.job.allowNonRestoredState: found "maybe", must be true or false
            """)
    void saysWhichFieldHasTheWrongForm(String spec, String message) {
        var raw = (ObjectNode) raw("{kind: FlinkDeployment, metadata: {namespace: f, name: o}}");
        raw.set("spec", raw(spec));

        assertThatThrownBy(() -> mapper.read(raw))
                .isInstanceOf(UnreadableResourceException.class)
                .hasMessage(message);
    }

    @Test
    void refusesOtherKinds() {
        assertThatThrownBy(() -> mapper.read(raw("{kind: Pod, metadata: {name: a}}")))
                .hasMessage("Pod /a: kind: found \"Pod\", must be a kind of flink.apache.org");
    }

    private JsonNode example(String name) {
        try (var in = getClass().getResourceAsStream(name + ".yaml")) {
            return yaml.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode raw(String text) {
        try {
            return yaml.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The example with quantities as text, as they are written. */
    private JsonNode normal(JsonNode raw) {
        var copy = raw.deepCopy();
        if (copy.at("/spec/jobManager/resources/requests") instanceof ObjectNode requests) {
            requests.put("cpu", "1");
        }
        return copy;
    }
}
