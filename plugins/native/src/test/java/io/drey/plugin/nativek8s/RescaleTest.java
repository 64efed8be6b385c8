package io.drey.plugin.nativek8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.JobRequirements;
import io.drey.spi.fact.JobRequirements.Bounds;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.Rescaling;
import io.drey.spi.plan.Rescaling.Impossible;
import io.drey.spi.plan.Rescaling.Possible;
import io.drey.spi.plan.Rescaling.Wanted;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.FlinkConfigurationTree;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.FlinkVersion;
import io.drey.spi.resource.JobStatus;
import io.drey.spi.resource.Metadata;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RescaleTest {
    private static final String VERTEX = "a".repeat(32);
    private static final String JOB = "b".repeat(32);
    private static final FlinkConfig ADAPTIVE = FlinkConfig.EMPTY.with("jobmanager.scheduler", "adaptive");

    private static Rescaling rescale(FlinkVersion version, FlinkConfig config) {
        var resource = new FlinkDeployment(
                Metadata.of("orders", "basic"),
                FlinkDeploymentSpec.EMPTY.toBuilder()
                        .flinkVersion(Optional.of(version))
                        .flinkConfiguration(FlinkConfigurationTree.of(
                                Map.of("pipeline.jobvertex-parallelism-overrides", VERTEX + ":3")))
                        .build(),
                FlinkDeploymentStatus.builder()
                        .jobStatus(JobStatus.builder()
                                .jobId(Optional.of(JOB))
                                .state(Optional.of(FlinkJobState.RUNNING))
                                .build())
                        .build());
        return new Rendering(new NativePlugin())
                .deployer()
                .rescale(
                        TestSituation.of(resource)
                                .with(config)
                                .deployedAs(config)
                                .with(
                                        JobRequirements.TYPE,
                                        new JobRequirements(JOB, Optional.of(Map.of(VERTEX, new Bounds(1, 2))))),
                        new Wanted(resource, Set.of(), Instant.MIN));
    }

    @Test
    @Tag("S160")
    @DisplayName("clusters in native mode are rescaled as Flink's version and scheduler allow")
    void by_the_rules_of_jobs() {
        assertThat(rescale(FlinkVersion.V1_17, ADAPTIVE)).isEqualTo(new Impossible("Flink is older than 1.18"));
        assertThat(rescale(FlinkVersion.V1_18, FlinkConfig.EMPTY))
                .isEqualTo(new Impossible("jobmanager.scheduler is not adaptive"));
        assertThat(rescale(FlinkVersion.V1_18, ADAPTIVE.with("rest.port", "9000")))
                .isInstanceOfSatisfying(
                        Possible.class,
                        possible -> assertThat(possible.steps())
                                .singleElement()
                                .isInstanceOfSatisfying(Step.Rescale.class, step -> {
                                    assertThat(step.flink()).isEqualTo(new FlinkRef("orders", "basic", 9000));
                                    assertThat(step.jobId()).isEqualTo(JOB);
                                    assertThat(step.requirements().toString())
                                            .contains(VERTEX)
                                            .contains("3");
                                }));
    }
}
