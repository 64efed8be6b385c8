package io.drey.e2e.node;

import static io.drey.e2e.node.Node.kubectl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
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
 * kills of an earlier run, {@code -Ddrey.soak.ha=zookeeper} keeps Flink's metadata in a ZooKeeper of its own instead of in
 * ConfigMaps. Each upgrade gets a line in {@code e2e/target/soak.log} as well.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StatefulUpgradesSoak {
    private static final int UPGRADES = Integer.getInteger("drey.soak.upgrades", 2);
    private static final long SEED = Long.getLong("drey.soak.seed", System.nanoTime());
    private static final String HIGH_AVAILABILITY = System.getProperty("drey.soak.ha", "kubernetes");
    private static final Path LOG = Node.repository().resolve("e2e/target/soak.log");
    private static final Duration KILLED_WITHIN = Duration.ofSeconds(25);

    private static final Random RANDOM = new Random(SEED);

    private static Counting job;
    private static int edits;

    @BeforeAll
    static void installs() throws IOException {
        tell("upgrades of each kind: %d, high availability: %s, seed %d", UPGRADES, HIGH_AVAILABILITY, SEED);
        Counting.installs("1.20", "2.3");
        job = Counting.starts("1.20", settings());
        job.awaitMoreThan(0);
    }

    private static Map<String, String> settings() throws IOException {
        var type = HIGH_AVAILABILITY;
        if (type.equals("zookeeper")) {
            Node.apply(Files.readString(Node.repository().resolve("e2e/src/test/resources/zookeeper.yaml")))
                    .orFail();
            kubectl("rollout", "status", "deployment/zookeeper", "--timeout=120s");
            // A leader that was killed leads on for ZooKeeper until its session is over: a minute, if it is not told
            // less.
            type += "\nhigh-availability.zookeeper.quorum: zookeeper.default.svc.cluster.local:2181"
                    + "\nhigh-availability.zookeeper.client.session-timeout: 10000";
        }
        // On a machine that is short of time Flink itself gives up now and then, as when its main method waits too
        // long.
        return Map.of("high-availability.type", type + "\nkubernetes.operator.job.restart.failed: \"true\"");
    }

    /** On the console, and at once in a file: a long run shows where it is, and one that was stopped where it was. */
    private static void tell(String format, Object... arguments) {
        var line = String.format(Locale.ROOT, format, arguments);
        System.out.println(line);
        try {
            Files.writeString(
                    LOG, Instant.now() + " " + line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void leavesNothingBehind() {
        Node.down();
    }

    @Test
    @Order(1)
    @Tag("S169")
    @Tag("S168")
    void f2_upgrades_with_a_savepoint_on_1_20_with_kills_at_random_moments() {
        upgrades("savepoint");
    }

    @Test
    @Order(2)
    @Tag("S169")
    void f3_upgrades_from_the_last_state_on_1_20_with_kills_at_random_moments() {
        upgrades("last-state");
    }

    @Test
    @Order(3)
    @Tag("S168")
    void one_edit_of_image_and_version_takes_the_state_to_flink_2_3() {
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
    @Tag("S169")
    @Tag("S168")
    void f2_upgrades_with_a_savepoint_on_2_3_with_kills_at_random_moments() {
        upgrades("savepoint");
    }

    @Test
    @Order(5)
    @Tag("S169")
    void f3_upgrades_from_the_last_state_on_2_3_with_kills_at_random_moments() {
        upgrades("last-state");
    }

    @Test
    @Order(6)
    @Tag("S168")
    void the_count_is_exact_at_the_end() {
        job.suspends();

        var finding = job.ledger();
        tell("%d numbers in %d commits, %s", finding.numbers(), finding.commits(), finding.faults());
        assertThat(finding.faults()).as("seed %d", SEED).isEmpty();
        assertThat(finding.numbers()).isPositive();
    }

    private static void upgrades(String mode) {
        int asAsked = 0;
        for (int i = 0; i < UPGRADES; i++) {
            upgrade(mode, victim(i));
            asAsked += launchedWith(mode) ? 1 : 0;
        }
        // A kill may leave only the other way, and not each time.
        assertThat(asAsked).as("upgrades with %s", mode).isGreaterThan(UPGRADES / 3);
    }

    /** Whether the job that runs was launched from state of this kind: last-state is high-availability metadata. */
    private static boolean launchedWith(String mode) {
        return Counting.resource()
                .at("/status/reconciliationStatus/lastReconciledSpec")
                .asText()
                .contains("\"upgradeMode\":\"" + mode + "\"");
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
        tell(
                "upgrade %d (%s, %d x %s killed after %.1f s): %.1f s, %d numbers in %d commits",
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
