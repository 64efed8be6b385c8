package io.drey.plugin.upgrades;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.operation.Operation.RestoreMode;
import io.drey.spi.plan.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a job has really restored is compared with what it was promised: less than that is stopped before it writes more. */
class PromiseTest {
    private static final ObjectKey DEPLOYMENT = new ObjectKey("apps/v1", "Deployment", "tests", "job");

    private static Stateful upgraded(String mode, Ha ha) {
        var world = Stateful.running(mode, ha);
        world.sim().flink().checkpoints("tests", "job");
        world.works();
        world.apply("flink:2.4", mode);
        return world;
    }

    @ParameterizedTest
    @CsvSource({"savepoint,OFF", "savepoint,ON", "last-state,OFF", "last-state,ON"})
    void a_promise_that_is_kept_is_forgotten(String mode, Ha ha) {
        var world = upgraded(mode, ha);
        world.passUntil(status -> status.path("plugins").path("upgrades").has("promise"));
        assertThat(world.status()
                        .path("plugins")
                        .path("upgrades")
                        .path("promise")
                        .path("jobId")
                        .asText())
                .isEqualTo(world.jobId());

        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.status()
                        .path("plugins")
                        .path("upgrades")
                        .path("promise")
                        .isMissingNode())
                .isTrue();
        int asked = world.sim().flink().checkpointsAsked();
        world.pass(10);
        assertThat(world.sim().flink().checkpointsAsked()).isEqualTo(asked);
    }

    /** Until the doubt is as old as it must be. */
    private static void convergeInDoubt(Stateful world) {
        world.converge();
        world.pass(12);
        world.converge();
    }

    /** Flink caches its answers: in its first seconds a job that was restored may look as if it was not. */
    @Test
    void an_answer_that_may_be_from_before_the_restore_does_not_count() {
        var running = Instant.parse("2026-01-01T00:00:10Z");
        var promise =
                new Promise("job", Optional.empty(), Optional.of(7L), RestoreMode.HIGH_AVAILABILITY, Optional.empty());
        var nothing = answer(running, Optional.empty());
        var older = answer(running.plusSeconds(10), Optional.of(6L));
        var cache = Duration.ofSeconds(10);

        assertThat(promise.doubtful(nothing)).isTrue();
        assertThat(promise.broken(older, cache)).as("nobody doubted before").isFalse();
        var doubted = promise.doubted(running);
        assertThat(doubted.doubted(running.plusSeconds(5))).isEqualTo(doubted);
        assertThat(doubted.broken(nothing, cache)).isFalse();
        assertThat(doubted.broken(answer(running.plusSeconds(9), Optional.of(6L)), cache))
                .isFalse();
        assertThat(doubted.broken(older, cache)).isTrue();
        assertThat(doubted.broken(answer(running.plusSeconds(10), Optional.of(7L)), cache))
                .isFalse();
        assertThat(doubted.kept(answer(running.plusSeconds(10), Optional.of(7L))))
                .isTrue();
    }

    private static JobCheckpoints answer(Instant at, Optional<Long> restored) {
        return new JobCheckpoints(
                "job",
                "RUNNING",
                at,
                Optional.empty(),
                Optional.empty(),
                restored.map(id -> new JobCheckpoints.Snapshot(id, Optional.empty(), at, false)),
                Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({"savepoint,OFF", "savepoint,ON", "last-state,OFF", "last-state,ON"})
    void a_job_that_restored_less_is_stopped_and_waits_for_the_user(String mode, Ha ha) {
        var world = upgraded(mode, ha);
        var old = "file:/checkpoints/" + world.jobId() + "/chk-1";
        world.sim().flink().misleads(Optional.of(old));

        convergeInDoubt(world);

        assertThat(world.sim().kubernetes().peek(DEPLOYMENT)).isEmpty();
        assertThat(world.condition("Stalled"))
                .contains("restored older state")
                .contains("savepointRedeployNonce")
                .contains(mode.equals("last-state") && ha == Ha.ON ? "checkpoint 2" : "file:/");
        assertThat(world.sim().cluster().started()).hasSize(2);
        world.sim().restart();
        world.pass(10);
        assertThat(world.sim().cluster().started()).hasSize(2);
    }

    @Test
    void an_edit_starts_a_stopped_job_from_what_it_was_promised() {
        var world = upgraded("savepoint", Ha.OFF);
        world.sim().flink().misleads(Optional.of("file:/checkpoints/" + world.jobId() + "/chk-1"));
        convergeInDoubt(world);
        world.sim().flink().misleads(Optional.empty());

        world.apply("flink:2.5", "savepoint");
        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.recorded()).contains("flink:2.5");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(3);
    }

    @Test
    void a_job_that_was_told_to_restore_and_started_empty_is_stopped() {
        var world = upgraded("savepoint", Ha.OFF);
        world.sim().flink().storage().put("file:/empty", -1, 0);
        world.sim().flink().misleads(Optional.of("file:/empty"));

        convergeInDoubt(world);

        assertThat(world.condition("Stalled")).contains("restored older state");
    }

    @Test
    void a_job_manager_that_starts_once_more_from_a_newer_checkpoint_keeps_the_promise() {
        var world = upgraded("last-state", Ha.ON);
        world.passUntil(status -> status.path("plugins").path("upgrades").has("promise"));
        world.sim().flink().checkpoints("tests", "job");
        world.sim().flink().crash("tests", "job");

        world.converge();

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateless", "savepoint"})
    void a_first_deployment_is_promised_its_initial_path_and_nothing_without(String mode) {
        var world = new Stateful(Scenario.start(Ha.OFF));
        world.sim().flink().storage().put("file:/savepoints/given", 7, 3);
        boolean given = mode.equals("savepoint");

        world.apply("flink:2.3", mode, "running", "", given ? "initialSavepointPath: 'file:/savepoints/given'" : "");
        world.passUntil(status ->
                status.path("reconciliationStatus").path("state").asText().equals("DEPLOYED"));

        assertThat(world.status().path("plugins").path("upgrades").has("promise"))
                .isEqualTo(given);
        world.converge();
        assertThat(world.lifecycle()).isEqualTo("STABLE");
    }

    /** The metadata of a job that has written no checkpoint of its own yet holds what it was started from. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void state_that_was_restored_from_a_path_is_there_after_a_launch_from_metadata_whose_main_failed(boolean own) {
        var world = Stateful.running("savepoint", Ha.ON);
        world.apply("flink:2.4", "savepoint");
        world.converge();
        var savepoint = world.newestSavepoint();
        world.works();
        if (own) {
            world.sim().flink().checkpoints("tests", "job");
        }
        var restored = own ? "file:/checkpoints/" + world.jobId() + "/chk-3" : savepoint;

        world.apply("flink:failing", "last-state");
        world.passUntil(status -> world.job().equals("FAILED"));
        world.converge();
        world.apply("flink:2.5", "last-state");
        world.converge();

        assertThat(world.status().at("/jobStatus/upgradeSavepointPath").asText())
                .isEqualTo(restored);
        assertThat(world.lifecycle()).as("%s", world.status()).isEqualTo("STABLE");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(own ? 3 : 2);
    }

    /** Flink answers with the folder. */
    @Test
    void a_path_of_metadata_is_recognised_in_an_answer_of_flink() {
        var restored = new Restored("job", "file:/s/1/_metadata", Optional.empty());
        var at = Instant.parse("2026-01-01T00:00:10Z");
        var folder = new JobCheckpoints.Snapshot(7, Optional.of("file:/s/1"), at, true);
        var answer = new JobCheckpoints(
                "job", "RUNNING", at, Optional.empty(), Optional.empty(), Optional.of(folder), Optional.empty());

        assertThat(restored.identified(answer).checkpointId()).contains(7L);
    }

    @Test
    void state_of_a_path_is_there_once_flink_has_said_which_checkpoint_it_is() {
        var world = new Stateful(Scenario.start(Ha.ON));
        world.sim().flink().storage().put("file:/savepoints/given", 7, 3);
        world.apply("flink:2.3", "savepoint", "running", "", "initialSavepointPath: 'file:/savepoints/given'");
        world.converge();
        world.apply("flink:failing", "last-state");
        world.passUntil(status -> world.job().equals("FAILED"));
        world.converge();

        world.apply("flink:2.5", "last-state");
        world.converge();

        assertThat(world.status().at("/jobStatus/upgradeSavepointPath").asText())
                .isEqualTo("file:/savepoints/given");
        assertThat(world.lifecycle()).as("%s", world.status()).isEqualTo("STABLE");
        assertThat(world.lastBegun().checkpointId()).isEqualTo(7);
    }
}
