package io.drey.spi.resource;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FlinkVersionTest {
    @Test
    void isOrderedByMajorAndMinor() {
        assertThat(FlinkVersion.KNOWN).isSorted().hasSize(13);
        assertThat(FlinkVersion.V2_0.isAtLeast(FlinkVersion.V1_20)).isTrue();
        assertThat(FlinkVersion.V1_20.isAtLeast(FlinkVersion.V2_0)).isFalse();
        assertThat(FlinkVersion.V1_20.major()).isEqualTo(1);
        assertThat(FlinkVersion.V1_20.minor()).isEqualTo(20);
    }

    @Test
    void aNewerOneThatIsNotKnownIsComparedAllTheSame() {
        var future = new FlinkVersion("v3_11");

        assertThat(future.isKnown()).isFalse();
        assertThat(future.isSupported()).isTrue();
        assertThat(future).isGreaterThan(FlinkVersion.V2_4);
        assertThat(new FlinkVersion("nonsense").isSupported()).isFalse();
    }

    @Test
    void supportsFrom15AndDeprecatesBefore19() {
        assertThat(FlinkVersion.V1_14.isSupported()).isFalse();
        assertThat(FlinkVersion.V1_15.isDeprecated()).isTrue();
        assertThat(FlinkVersion.V1_18.isDeprecated()).isTrue();
        assertThat(FlinkVersion.V1_19.isDeprecated()).isFalse();
    }
}
