package io.drey.plugin.upgrades;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.Situation;
import io.drey.spi.SpecDiff;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.Facts;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.fact.Reading;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.ResourceMapper;
import io.drey.testkit.Simulation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs is asked to stop where that can help, and goes in any case. */
class StatelessUpgradeTest {
    private static Choice choose(FlinkJobState state, Optional<FlinkJobs> flink) {
        var resource =
                new ResourceMapper().deployment(Simulation.parse(Scenario.application("flink:2.3", 1, "running")));
        var status = FlinkDeploymentStatus.builder()
                .jobStatus(resource.status().jobStatus().withState(state))
                .build();
        return new StatelessUpgrade(new DowntimePart(new ObjectMapper()))
                .choose(new Known(resource.withStatus(status), flink));
    }

    private static Choice.Go go(StopMode stop) {
        return new Choice.Go(Target.CURRENT, Stop.of(stop), Restore.NONE);
    }

    private static Optional<FlinkJobs> flink(Reach reach) {
        return Optional.of(new FlinkJobs(reach, List.of(), Map.of(), 0));
    }

    @Test
    @Tag("S111")
    void s111_a_job_that_runs_is_cancelled_and_the_next_one_starts_empty() {
        assertThat(choose(FlinkJobState.RUNNING, flink(Reach.SERVING))).isEqualTo(go(StopMode.CANCEL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"FINISHED", "FAILED", "CANCELED"})
    void a_job_that_has_ended_is_not_asked(String state) {
        assertThat(choose(new FlinkJobState(state), flink(Reach.SERVING))).isEqualTo(go(StopMode.KILL));
    }

    @Test
    void a_job_manager_that_does_not_serve_is_not_asked() {
        assertThat(choose(FlinkJobState.RECONCILING, flink(Reach.UNREACHABLE))).isEqualTo(go(StopMode.KILL));
        assertThat(choose(FlinkJobState.RECONCILING, flink(Reach.STARTING))).isEqualTo(go(StopMode.KILL));
    }

    @Test
    void a_job_manager_of_which_nothing_is_known_yet_is_asked() {
        assertThat(choose(FlinkJobState.RUNNING, Optional.empty())).isEqualTo(go(StopMode.CANCEL));
    }

    /** A situation of which a stateless upgrade looks at two things. */
    private record Known(FlinkDeployment resource, Optional<FlinkJobs> flink) implements Situation {
        @Override
        public Facts facts() {
            return flink.map(jobs -> new Facts(Map.of(FlinkJobs.TYPE, new Reading.Known<>(jobs, Instant.EPOCH))))
                    .orElse(Facts.NONE);
        }

        @Override
        public Optional<CustomResource> admitted() {
            return Optional.of(resource);
        }

        @Override
        public Optional<CustomResource> deployed() {
            return Optional.of(resource);
        }

        @Override
        public Optional<CustomResource> stable() {
            return Optional.empty();
        }

        @Override
        public SpecDiff diff() {
            return SpecDiff.NONE;
        }

        @Override
        public List<Violation> violations() {
            return List.of();
        }

        @Override
        public Optional<Operation> operation() {
            return Optional.empty();
        }

        @Override
        public FlinkConfig config() {
            return FlinkConfig.EMPTY;
        }

        @Override
        public FlinkConfig deployedConfig() {
            return FlinkConfig.EMPTY;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public String freshId() {
            return "0123456789abcdef0123456789abcdef";
        }

        @Override
        public Choice choose(String strategy, Target target) {
            throw new UnsupportedOperationException(strategy);
        }
    }
}
