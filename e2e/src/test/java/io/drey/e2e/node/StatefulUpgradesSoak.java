package io.drey.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A job that counts exactly once goes through upgrades from savepoints and from its last state, on two versions of Flink and
 * from one to the other, while JobManager, TaskManager and operator are killed. Its count shows each number that was lost,
 * counted twice, or counted by two runs at once.
 *
 * <p>Not among the tests of every build: it takes long, and is run by name, {@code -Dit.test=StatefulUpgradesSoak}.
 *
 * <p>{@code -Ddrey.soak.upgrades=20} makes it that many upgrades of each kind on each version, {@code -Ddrey.soak.seed} the
 * kills of an earlier run.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StatefulUpgradesSoak {
    private static final int UPGRADES = Integer.getInteger("drey.soak.upgrades", 2);
    private static final long SEED = Long.getLong("drey.soak.seed", System.nanoTime());
    private static final Duration KILLED_WITHIN = Duration.ofSeconds(25);

    private static final Random RANDOM = new Random(SEED);

    private static Counting job;
    private static int edits;

    @BeforeAll
    static void installs() throws IOException {
        System.out.println("upgrades of each kind: " + UPGRADES + ", seed " + SEED);
        Counting.installs("1.20", "2.3");
        job = Counting.starts("1.20", Map.of());
        job.awaitMoreThan(0);
    }

    @AfterAll
    static void leavesNothingBehind() {
        Node.run(Duration.ofMinutes(2), "kube/down");
    }

    @Test
    @Order(1)
    void f2_upgrades_with_a_savepoint_on_1_20_with_kills_at_random_moments() {
        upgrades("savepoint");
    }

    @Test
    @Order(2)
    void f3_upgrades_from_the_last_state_on_1_20_with_kills_at_random_moments() {
        upgrades("last-state");
    }

    @Test
    @Order(3)
    void s079_one_edit_of_image_and_version_takes_the_state_to_flink_2_3() {
        long before = job.ledger().numbers();

        long generation =
                job.edit("{\"image\":\"flink:2.3\",\"flinkVersion\":\"v2_3\",\"job\":{\"upgradeMode\":\"savepoint\"}}");

        job.awaitRunning(generation);
        job.awaitMoreThan(before);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Counting.resource()
                                .path("status")
                                .path("clusterInfo")
                                .path("flink-version")
                                .asText())
                        .startsWith("2.3"));
    }

    @Test
    @Order(4)
    void f2_upgrades_with_a_savepoint_on_2_3_with_kills_at_random_moments() {
        upgrades("savepoint");
    }

    @Test
    @Order(5)
    void f3_upgrades_from_the_last_state_on_2_3_with_kills_at_random_moments() {
        upgrades("last-state");
    }

    @Test
    @Order(6)
    void the_count_is_exact_at_the_end() {
        job.suspends();

        var finding = job.ledger();
        System.out.println(finding.numbers() + " numbers in " + finding.commits() + " commits, " + finding.faults());
        assertThat(finding.faults()).as("seed %d", SEED).isEmpty();
        assertThat(finding.numbers()).isPositive();
    }

    private static void upgrades(String mode) {
        for (int i = 0; i < UPGRADES; i++) {
            upgrade(mode, victim(i));
        }
    }

    /** Each in turn, in an order that the seed gives. */
    private static Kill victim(int turn) {
        List<Kill> all = new ArrayList<>(List.of(Kill.values()));
        Collections.shuffle(all, RANDOM);
        return all.get(turn % all.size());
    }

    private static void upgrade(String mode, Kill victim) {
        long before = job.ledger().numbers();
        long started = System.nanoTime();
        var pause = Duration.ofMillis(RANDOM.nextLong(KILLED_WITHIN.toMillis()));
        edits++;
        // The parallelism changes as well: a job graph that was stored before would bring the old one back.
        long generation = job.edit("{\"restartNonce\":" + edits + ",\"job\":{\"upgradeMode\":\"" + mode
                + "\",\"parallelism\":" + (1 + edits % 2) + "}}");
        await().pollInterval(Duration.ofMillis(20))
                .atMost(KILLED_WITHIN.plusSeconds(5))
                .until(() -> System.nanoTime() - started > pause.toNanos());
        int killed = victim.now();
        job.awaitRunning(generation);
        var finding = job.awaitMoreThan(before);
        System.out.printf(
                "upgrade %d (%s, %d x %s killed after %.1f s): %.1f s, %d numbers in %d commits%n",
                edits,
                mode,
                killed,
                victim,
                pause.toMillis() / 1000.0,
                (System.nanoTime() - started) / 1e9,
                finding.numbers(),
                finding.commits());
    }
}
