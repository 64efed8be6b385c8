package io.drey.plugin.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.ZooKeeperMetadata;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.plan.Outcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a ZooKeeper, with nodes as Flink makes them. */
class ZooKeeperTest {
    private static final String JOB = "00000000000000000000000000000001";
    private static final EffectId EFFECT = EffectId.derive("a".repeat(32), "clear", 1);

    @TempDir
    private Path data;

    private NIOServerCnxnFactory server;
    private String quorum;
    private FlinkConfig config;

    @BeforeEach
    void starts() throws Exception {
        System.setProperty("zookeeper.admin.enableServer", "false");
        server = new NIOServerCnxnFactory();
        server.configure(new InetSocketAddress("127.0.0.1", 0), 10);
        server.startup(new ZooKeeperServer(data.toFile(), data.toFile(), 500));
        quorum = "127.0.0.1:" + server.getLocalPort();
        config = new FlinkConfig(
                Map.of("high-availability.type", "zookeeper", "high-availability.zookeeper.quorum", quorum));
    }

    @AfterEach
    void stops() {
        server.shutdown();
    }

    private void make(String... paths) throws Exception {
        try (var client = new ZooKeeper(quorum, 5000, event -> {})) {
            for (var path : paths) {
                for (int end = path.indexOf('/', 1); ; end = path.indexOf('/', end + 1)) {
                    var part = end < 0 ? path : path.substring(0, end);
                    if (client.exists(part, false) == null) {
                        client.create(part, new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
                    }
                    if (end < 0) {
                        break;
                    }
                }
            }
        }
    }

    private ZooKeeperMetadata read() throws IOException {
        return read("orders");
    }

    private ZooKeeperMetadata read(String cluster) throws IOException {
        var location = Location.of(config, cluster);
        try (var ensemble = Ensemble.connect(location.quorum(), Duration.ofSeconds(5))) {
            return MetadataSource.read(ensemble, location);
        }
    }

    private Outcome remove(String root, String... paths) {
        var payload =
                JsonNodeFactory.instance.objectNode().put("quorum", quorum).put("root", root);
        var array = payload.putArray("paths");
        List.of(paths).forEach(array::add);
        return new Removal(Ensemble::connect)
                .perform(payload, EFFECT, Instant.now().plusSeconds(30));
    }

    @Test
    void knows_jobs_with_their_newest_checkpoint_and_as_they_were_submitted() throws Exception {
        make(
                "/flink/orders/jobs/" + JOB + "/checkpoints/0000000000000000009",
                "/flink/orders/jobs/" + JOB + "/checkpoints/0000000000000000010",
                "/flink/orders/jobs/" + JOB + "/checkpoint_id_counter",
                "/flink/orders/execution-plans/" + JOB + "/locks",
                "/flink/orders/applications/" + JOB,
                "/flink/another/jobgraphs/" + JOB);

        var metadata = read();

        assertThat(metadata.knows(JOB)).isTrue();
        assertThat(metadata.newestCheckpoint(JOB)).isEqualTo(OptionalLong.of(10));
        assertThat(metadata.submitted())
                .containsExactly("/flink/orders/execution-plans/" + JOB, "/flink/orders/applications/" + JOB);
        assertThat(metadata.empty()).isFalse();
    }

    @Test
    void a_job_that_has_ended_is_not_known_any_more() throws Exception {
        make("/flink/orders/jobs/" + JOB);

        assertThat(read().knows(JOB)).isFalse();
        assertThat(read().newestCheckpoint(JOB)).isEmpty();
    }

    @Test
    @Tag("S076")
    void nothing_at_all_is_empty() throws Exception {
        assertThat(read()).isEqualTo(new ZooKeeperMetadata(quorum, "/flink/orders", Map.of(), List.of(), true));
    }

    @Test
    @Tag("S076")
    void removes_the_submitted_job_and_leaves_its_checkpoints() throws Exception {
        make(
                "/flink/orders/jobs/" + JOB + "/checkpoints/0000000000000000003",
                "/flink/orders/jobgraphs/" + JOB + "/locks/x");

        assertThat(remove("/flink/orders", "/flink/orders/jobgraphs/" + JOB)).isEqualTo(Outcome.Done.PLAIN);
        assertThat(remove("/flink/orders", "/flink/orders/jobgraphs/" + JOB))
                .as("once more")
                .isEqualTo(Outcome.Done.PLAIN);

        assertThat(read().submitted()).isEmpty();
        assertThat(read().newestCheckpoint(JOB)).isEqualTo(OptionalLong.of(3));
    }

    @Test
    @Tag("S076")
    void never_touches_what_is_another_clusters() throws Exception {
        make("/flink/orders-2/jobs/" + JOB + "/checkpoints/0000000000000000003");

        var outcome = remove("/flink/orders", "/flink/orders-2");

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().kind()).isEqualTo(ErrorKind.INTERNAL));
        assertThat(read("orders-2").knows(JOB)).isTrue();
    }

    @Test
    void says_what_is_missing_in_the_configuration() {
        assertThatThrownBy(() -> Location.of(config.without("high-availability.zookeeper.quorum"), "orders"))
                .hasMessageContaining("must name the hosts and ports");
    }

    @Test
    void paths_are_the_users() {
        var location = Location.of(
                config.with("high-availability.zookeeper.path.root", "teams/blue/")
                        .with("high-availability.zookeeper.path.jobgraphs", "graphs"),
                "orders");

        assertThat(location.root()).isEqualTo("/teams/blue/orders");
        assertThat(location.submitted())
                .containsExactly(
                        "/teams/blue/orders/execution-plans",
                        "/teams/blue/orders/graphs",
                        "/teams/blue/orders/applications");
    }

    @Test
    void nobody_there_is_told_with_the_key_to_check() {
        server.shutdown();

        assertThatThrownBy(() -> Ensemble.connect(quorum, Duration.ofMillis(300)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("high-availability.zookeeper.quorum");
    }
}
