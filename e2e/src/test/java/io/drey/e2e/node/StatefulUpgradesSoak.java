package io.drey.e2e.node;

import static io.drey.e2e.node.Node.kubectl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.examples.counting.LedgerCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
 * from one to the other, while JobManager, TaskManager and the one of two operators that leads are killed in the middle of them
 * or just after. Its count shows each number that was lost, counted twice, or counted by two runs at once.
 *
 * <p>Every build has one upgrade of each kind on each version. {@code -Ddrey.soak.upgrades=20} makes it that many; every
 * combination of who is killed and when comes once in nine. {@code -Ddrey.soak.seed} repeats the pauses of an earlier run,
 * {@code -Ddrey.soak.ha=zookeeper} keeps Flink's metadata in a ZooKeeper of its own instead of in ConfigMaps. Each upgrade
 * gets a line in {@code e2e/target/soak.log} as well.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class StatefulUpgradesSoak {
    private static final int UPGRADES = Integer.getInteger("drey.soak.upgrades", 1);
    private static final long SEED = Long.getLong("drey.soak.seed", System.nanoTime());
    private static final String HIGH_AVAILABILITY = System.getProperty("drey.soak.ha", "kubernetes");
    private static final Path LOG = Node.repository().resolve("e2e/target/soak.log");
    private static final Duration LIMIT = Duration.ofMinutes(6);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** Of which one leads and is killed. The other one does not wait as long for it as it would by default. */
    private static final String TWO_OPERATORS = """
            replicas: 2
            strategy: {type: RollingUpdate}
            defaultConfiguration:
              config.yaml: |
                kubernetes.operator.leader-election.enabled: true
                kubernetes.operator.leader-election.lease-name: drey
                kubernetes.operator.leader-election.lease-duration: 8 s
                kubernetes.operator.leader-election.renew-deadline: 6 s
                kubernetes.operator.leader-election.retry-period: 2 s
            """;

    private static final Random RANDOM = new Random(SEED);

    private static Counting job;
    private static int edits;
    private static int killedInUpgrades;

    /** How far an upgrade has got, by the status. */
    private enum Moment {
        /** The job is being stopped. */
        STOPPING,
        /** The job is gone, and the next one does not run yet. */
        STARTING,
        /** The upgrade is over. */
        OVER;

        /** Empty before the operator has begun. */
        static Optional<Moment> of(JsonNode status, long generation) {
            var operation = status.path("operation");
            if (operation.path("generation").asLong() == generation) {
                var phase = operation.path("phase").asText();
                return Optional.of(phase.equals("RECORDED") || phase.equals("STOPPING") ? STOPPING : STARTING);
            }
            if (status.path("observedGeneration").asLong() < generation) {
                return Optional.empty();
            }
            return Optional.of(
                    status.path("lifecycleState").asText().equals("STABLE")
                                    && status.at("/jobStatus/state").asText().equals("RUNNING")
                            ? OVER
                            : STARTING);
        }

        static Optional<Moment> now(long generation) {
            return of(Counting.resource().path("status"), generation);
        }
    }

    private record Hit(Kill victim, Moment moment, int processes) {
        /** Whether the job could no longer be stopped as it was to be. The operator goes on where it was. */
        boolean disturbsTheStop() {
            return moment == Moment.STOPPING && victim != Kill.OPERATOR;
        }
    }

    @BeforeAll
    static void installs() throws IOException {
        tell("upgrades of each kind: %d, high availability: %s, seed %d", UPGRADES, HIGH_AVAILABILITY, SEED);
        Counting.installsWith(TWO_OPERATORS, "1.20", "2.3");
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
        return Map.of("high-availability.type", type);
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
    void f2_upgrades_with_a_savepoint_on_1_20_with_kills_in_mid_upgrade() {
        upgrades("savepoint");
    }

    @Test
    @Order(2)
    @Tag("S169")
    void f3_upgrades_from_the_last_state_on_1_20_with_kills_in_mid_upgrade() {
        upgrades("last-state");
    }

    @Test
    @Order(3)
    @Tag("S168")
    void one_edit_of_image_and_version_takes_the_state_to_flink_2_3() {
        long generation =
                job.edit("{\"image\":\"flink:2.3\",\"flinkVersion\":\"v2_3\",\"job\":{\"upgradeMode\":\"savepoint\"}}");

        settles(generation);
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
    void f2_upgrades_with_a_savepoint_on_2_3_with_kills_in_mid_upgrade() {
        upgrades("savepoint");
    }

    @Test
    @Order(5)
    @Tag("S169")
    void f3_upgrades_from_the_last_state_on_2_3_with_kills_in_mid_upgrade() {
        upgrades("last-state");
    }

    @Test
    @Order(6)
    @Tag("S169")
    void a_deployment_that_is_deleted_comes_back_with_the_state() {
        long generation = Counting.resource().at("/metadata/generation").asLong();
        var deleted = deployment();

        kubectl("delete", "deployment", Counting.NAME);

        await().atMost(LIMIT)
                .until(() -> !deployment().isEmpty() && !deployment().equals(deleted));
        settles(generation);
        assertThat(kubectl(
                        "get",
                        "events",
                        "--field-selector=reason=RecoverDeployment,involvedObject.name=" + Counting.NAME,
                        "-o",
                        "name"))
                .isNotEmpty();
        tell("the Deployment was deleted and came back");
    }

    @Test
    @Order(7)
    @Tag("S168")
    void the_count_is_exact_at_the_end() {
        job.suspends();

        var finding = job.ledger();
        tell("%d numbers in %d commits, %s", finding.numbers(), finding.commits(), finding.faults());
        assertThat(finding.faults()).as("seed %d", SEED).isEmpty();
        assertThat(finding.numbers()).isPositive();
        assertThat(killedInUpgrades)
                .as("processes killed in the middle of an upgrade")
                .isPositive();
    }

    private static String deployment() {
        return kubectl("get", "deployment", Counting.NAME, "--ignore-not-found", "-o", "jsonpath={.metadata.uid}");
    }

    private static void upgrades(String mode) {
        for (int i = 0; i < UPGRADES; i++) {
            upgrade(mode);
        }
    }

    private static void upgrade(String mode) {
        long started = System.nanoTime();
        // Another moment for each victim every time that its turn comes.
        int turn = edits++;
        var victim = Kill.values()[turn % Kill.values().length];
        var moment = Moment.values()[(turn + turn / Kill.values().length) % Moment.values().length];
        // The parallelism changes as well: a job graph that was stored before would bring the old one back.
        long generation = job.edit("{\"restartNonce\":" + edits + ",\"job\":{\"upgradeMode\":\"" + mode
                + "\",\"parallelism\":" + (1 + edits % 2) + "}}");

        var hit = kill(victim, moment, generation);
        var finding = settles(generation);

        var launchedWith = launchedWith();
        tell(
                "upgrade %d (%s, %d x %s killed while %s): launched with %s, %.1f s, %d numbers in %d commits",
                edits,
                mode,
                hit.processes(),
                victim,
                hit.moment(),
                launchedWith,
                (System.nanoTime() - started) / 1e9,
                finding.numbers(),
                finding.commits());
        if (!hit.disturbsTheStop()) {
            assertThat(launchedWith)
                    .as("upgrade %d, seed %d: %s", edits, SEED, hit)
                    .isEqualTo(mode);
        }
    }

    /** Kills a while after the status has shown this moment, as soon as there is something to kill. */
    private static Hit kill(Kill victim, Moment moment, long generation) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(LIMIT)
                .until(() -> Moment.now(generation)
                        .filter(now -> now.compareTo(moment) >= 0)
                        .isPresent());
        var pause = Duration.ofMillis(RANDOM.nextLong(LONGEST_PAUSE.toMillis()));
        // A stop that failed leaves a pause in which no operation is there.
        var hit = await().pollDelay(pause)
                .pollInterval(Duration.ofMillis(20))
                .atMost(LIMIT)
                .until(
                        () -> Moment.now(generation).map(seen -> new Hit(victim, seen, victim.now())),
                        attempt -> attempt.filter(made -> made.processes() > 0).isPresent())
                .orElseThrow();
        killedInUpgrades += hit.moment() == Moment.OVER ? 0 : hit.processes();
        return hit;
    }

    /** Until the job counts on under this generation of the spec, whatever was killed a moment ago. */
    private static LedgerCheck.Finding settles(long generation) {
        job.awaitRunning(generation);
        // A first commit may have been on its way before; a second one needs all that was killed.
        job.awaitMoreThan(job.ledger().numbers());
        var finding = job.awaitMoreThan(job.ledger().numbers());
        job.awaitRunning(generation);
        return finding;
    }

    /** The kind of state that the job which runs was launched from: last-state is high-availability metadata. */
    private static String launchedWith() {
        var recorded = Counting.resource()
                .at("/status/reconciliationStatus/lastReconciledSpec")
                .asText();
        try {
            return new ObjectMapper()
                    .readTree(recorded)
                    .at("/spec/job/upgradeMode")
                    .asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
