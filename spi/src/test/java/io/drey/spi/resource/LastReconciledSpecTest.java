package io.drey.spi.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LastReconciledSpecTest {
    private final ResourceMapper mapper = new ResourceMapper();

    @Test
    void writesNullsAndDefaultsInTheOrderOfTheContract() {
        var spec = FlinkDeploymentSpec.EMPTY
                .withJob(JobSpec.EMPTY.withParallelism(2).withUpgradeMode(UpgradeMode.LAST_STATE))
                .withJobManager(JobManagerSpec.EMPTY)
                .withFlinkVersion(FlinkVersion.V2_2)
                .withFlinkConfiguration(FlinkConfigurationTree.of(Map.of("a", "b")));

        assertThat(mapper.writeRecorded(LastReconciledSpec.of(spec, FlinkDeployment.TYPE, true)))
                .isEqualTo(
                        "{\"spec\":{\"job\":{\"jarURI\":null,\"parallelism\":2,\"entryClass\":null,\"args\":[],"
                                + "\"state\":\"running\",\"savepointTriggerNonce\":null,\"initialSavepointPath\":null,"
                                + "\"checkpointTriggerNonce\":null,\"upgradeMode\":\"last-state\",\"allowNonRestoredState\":null,"
                                + "\"savepointRedeployNonce\":null,\"autoscalerResetNonce\":null},\"restartNonce\":null,"
                                + "\"flinkConfiguration\":{\"a\":\"b\"},\"image\":null,\"imagePullPolicy\":null,"
                                + "\"serviceAccount\":null,\"flinkVersion\":\"v2_2\",\"ingress\":null,\"podTemplate\":null,"
                                + "\"jobManager\":{\"resource\":null,\"resources\":null,\"replicas\":1,\"podTemplate\":null},"
                                + "\"taskManager\":null,\"logConfiguration\":null,\"mode\":null},"
                                + "\"resource_metadata\":{\"apiVersion\":\"flink.apache.org/v1beta1\",\"firstDeployment\":true}}");
    }

    @Test
    void readsWhatItWrote() {
        var recorded = LastReconciledSpec.of(
                FlinkDeploymentSpec.EMPTY.withJob(JobSpec.EMPTY.withSavepointTriggerNonce(4L)),
                FlinkDeployment.TYPE,
                false);

        var text = mapper.writeRecorded(recorded);

        assertThat(mapper.readRecorded(text, FlinkDeploymentSpec.class)).isEqualTo(recorded);
        assertThat(mapper.writeRecorded(mapper.readRecorded(text, FlinkDeploymentSpec.class)))
                .isEqualTo(text);
    }

    /** Records of old versions have no resource_metadata; the whole is the spec. */
    @Test
    @Tag("S052")
    void readsTheFlatFormOfOldVersions() {
        var recorded = mapper.readRecorded(
                "{\"apiVersion\":\"flink.apache.org/v1beta1\",\"image\":\"flink:1.15\",\"job\":{\"parallelism\":3}}",
                FlinkDeploymentSpec.class);

        assertThat(recorded.metadata()).isEmpty();
        assertThat(recorded.firstDeployment()).isFalse();
        assertThat(recorded.spec().image()).contains("flink:1.15");
        assertThat(recorded.spec().job().orElseThrow().parallelism()).isEqualTo(3);
        assertThat(recorded.spec().unknown()).isEmpty();
    }

    @Test
    void dropsTheResourceMetadataThatOldVersionsRecorded() {
        var recorded = mapper.readRecorded(
                "{\"spec\":{\"deploymentName\":\"s\",\"new\":1},\"resource_metadata\":{\"apiVersion\":\"v\","
                        + "\"metadata\":{\"name\":\"x\"},\"firstDeployment\":true,\"later\":1}}",
                FlinkSessionJobSpec.class);

        assertThat(recorded.firstDeployment()).isTrue();
        assertThat(mapper.writeRecorded(recorded))
                .endsWith("\"deploymentName\":\"s\",\"new\":1},"
                        + "\"resource_metadata\":{\"apiVersion\":\"v\",\"firstDeployment\":true,\"later\":1}}");
    }

    @Test
    void blueGreenDeploymentsRecordNoMetadata() {
        var recorded = mapper.readRecorded(
                "{\"spec\":{\"configuration\":{\"a\":\"b\"},\"template\":{\"spec\":{\"image\":\"i\"}}}}",
                FlinkBlueGreenDeploymentSpec.class);

        assertThat(recorded.metadata()).isEmpty();
        assertThat(recorded.spec().configuration()).containsEntry("a", "b");
        assertThat(mapper.writeRecorded(new LastReconciledSpec<>(recorded.spec(), Optional.empty())))
                .startsWith("{\"spec\":{\"configuration\":{\"a\":\"b\"},\"ingress\":null,")
                .doesNotContain("resource_metadata");
    }

    @Test
    void podTemplatesOfWholePodsAndUnknownValuesAreKept() {
        var text = "{\"spec\":{\"podTemplate\":{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"x\":null}},"
                + "\"mode\":\"hybrid\"},\"resource_metadata\":{\"apiVersion\":\"v\",\"firstDeployment\":false}}";

        var written = mapper.writeRecorded(mapper.readRecorded(text, FlinkDeploymentSpec.class));

        assertThat(written).contains("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"x\":null}}", "\"hybrid\"");
    }

    @Test
    void saysWhatIsWrong() {
        assertThatThrownBy(() -> mapper.readRecorded("nonsense", FlinkDeploymentSpec.class))
                .isInstanceOf(UnreadableResourceException.class)
                .hasMessageStartingWith("recorded spec: is not JSON: ");
        assertThatThrownBy(() -> mapper.readRecorded("[]", FlinkDeploymentSpec.class))
                .hasMessage("recorded spec: must be a JSON object");
        assertThatThrownBy(() -> mapper.readRecorded("{\"job\":1}", FlinkDeploymentSpec.class))
                .hasMessage("recorded spec: job: found 1, must be an object");
    }
}
