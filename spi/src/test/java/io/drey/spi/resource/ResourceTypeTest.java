package io.drey.spi.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ResourceTypeTest {
    @Test
    void kindsThatHaveSomethingToCleanUpHaveTheFinalizerOfTheirName() {
        assertThat(Stream.of(FlinkDeployment.TYPE, FlinkSessionJob.TYPE, FlinkStateSnapshot.TYPE))
                .allSatisfy(type -> assertThat(type.finalizer()).contains(type.crdName() + "/finalizer"));
        assertThat(FlinkSessionJob.TYPE.finalizer()).contains("flinksessionjobs.flink.apache.org/finalizer");
    }

    @Test
    void blueGreenDeploymentsGoWithTheirChildren() {
        assertThat(FlinkBlueGreenDeployment.TYPE.finalizer()).isEmpty();
        assertThat(FlinkBlueGreenDeployment.TYPE.apiVersion()).isEqualTo("flink.apache.org/v1beta1");
    }
}
