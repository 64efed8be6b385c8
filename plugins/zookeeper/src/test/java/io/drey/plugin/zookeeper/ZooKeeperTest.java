package io.drey.plugin.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.spi.FactSource.Namesake;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.ZooKeeperMetadata;
import io.drey.spi.fact.ZooKeeperMetadata.Owner;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.plan.Outcome;
import io.drey.spi.resource.ResourceRef;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final String MARK = "uid-shop-orders FlinkDeployment shop/orders";
    private static final String OTHER = "uid-billing-orders FlinkDeployment billing/orders";
    private static final MetadataReader READER = new MetadataReader(Ensemble::connect);
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

    private ZooKeeperMetadata read() {
        return read("orders");
    }

    private ZooKeeperMetadata read(String cluster) {
        return new MetadataSource(READER).read(context("shop", cluster, config));
    }

    private static Context context(String namespace, String name, FlinkConfig config) {
        return new Context(namespace, name, config, List.of(), Optional.empty());
    }

    private Outcome claim(String root, String owner, String found) {
        var payload =
                JsonNodeFactory.instance.objectNode().put("quorum", quorum).put("root", root);
        payload.put("owner", owner).put("found", found);
        return new Claim(Ensemble::connect)
                .perform(payload, EFFECT, Instant.now().plusSeconds(30));
    }

    private Outcome remove(String root, String... paths) {
        return remove(root, MARK, false, paths);
    }

    private Outcome remove(String root, String owner, boolean whole, String... paths) {
        var payload =
                JsonNodeFactory.instance.objectNode().put("quorum", quorum).put("root", root);
        payload.put("owner", owner).put("whole", whole);
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
        assertThat(read())
                .isEqualTo(new ZooKeeperMetadata(
                        quorum, "/flink/orders", new Owner.Nobody(MARK, ""), Map.of(), List.of(), true));
    }

    @Test
    @Tag("S076")
    void removes_the_submitted_job_and_leaves_its_checkpoints() throws Exception {
        make(
                "/flink/orders/jobs/" + JOB + "/checkpoints/0000000000000000003",
                "/flink/orders/jobgraphs/" + JOB + "/locks/x");
        claim("/flink/orders", MARK, "");

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
        claim("/flink/orders", MARK, "");

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
    void a_root_is_claimed_once_and_again_by_the_same_resource() {
        assertThat(claim("/flink/orders", MARK, "")).isEqualTo(Outcome.Done.PLAIN);
        assertThat(claim("/flink/orders", MARK, "")).as("once more").isEqualTo(Outcome.Done.PLAIN);
        assertThat(read().owner()).isEqualTo(new Owner.Self(MARK));
        assertThat(read().empty()).isTrue();

        assertThat(claim("/flink/orders", OTHER, ""))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().message()).endsWith("claimed by " + MARK));
        assertThat(read().owner()).isEqualTo(new Owner.Self(MARK));
    }

    @Test
    void nothing_is_removed_from_a_root_without_ones_own_mark() throws Exception {
        make("/flink/orders/jobs/" + JOB + "/checkpoints/0000000000000000003");

        assertThat(remove("/flink/orders", "/flink/orders")).isInstanceOf(Outcome.Failed.class);
        claim("/flink/orders", OTHER, "");
        assertThat(remove("/flink/orders", "/flink/orders"))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure().message()).contains(OTHER));

        assertThat(read().knows(JOB)).isTrue();
    }

    @Test
    @Tag("S076")
    void the_mark_stays_for_the_next_launch_and_goes_with_the_resource() throws Exception {
        make("/flink/orders/jobs/" + JOB + "/checkpoints/0000000000000000003", "/flink/orders/leader/latch");
        claim("/flink/orders", MARK, "");

        assertThat(remove("/flink/orders", "/flink/orders")).isEqualTo(Outcome.Done.PLAIN);
        assertThat(read().empty()).isTrue();
        assertThat(read().owner()).isEqualTo(new Owner.Self(MARK));

        assertThat(remove("/flink/orders", MARK, true, "/flink/orders")).isEqualTo(Outcome.Done.PLAIN);
        assertThat(remove("/flink/orders", MARK, true, "/flink/orders"))
                .as("once more")
                .isEqualTo(Outcome.Done.PLAIN);
        assertThat(read().owner()).isEqualTo(new Owner.Nobody(MARK, ""));
        try (var client = new ZooKeeper(quorum, 5000, event -> {})) {
            assertThat(client.getChildren("/flink", false)).isEmpty();
        }
    }

    @Test
    void a_cluster_whose_root_is_below_another_root_stays() throws Exception {
        make("/flink/orders/daily/jobs/" + JOB + "/checkpoints/0000000000000000003");
        claim("/flink/orders", MARK, "");
        claim("/flink/orders/daily", OTHER, "");

        assertThat(remove("/flink/orders", "/flink/orders")).isInstanceOf(Outcome.Failed.class);

        assertThat(new MetadataSource(READER)
                        .read(context(
                                "billing",
                                "daily",
                                config.with("high-availability.zookeeper.path.root", "/flink/orders")))
                        .knows(JOB))
                .isTrue();
    }

    @Test
    void the_mark_of_a_resource_that_exists_refuses_a_launch_and_names_that_resource() {
        claim("/flink/orders", OTHER, "");
        var other = new Context("shop", "orders", config, List.of(), Optional.of("uid-billing-orders"));

        assertThat(new MetadataSource(READER).read(other).owner())
                .isEqualTo(new Owner.Other("FlinkDeployment billing/orders"));
        assertThatThrownBy(() -> new LaunchSource(READER).read(other))
                .hasMessageContaining("found the HA metadata of FlinkDeployment billing/orders at /flink/orders")
                .hasMessageContaining("high-availability.zookeeper.path.root");
    }

    @Test
    void the_mark_of_a_resource_that_is_gone_may_be_replaced() {
        claim("/flink/orders", OTHER, "");
        var recreated = new Context("shop", "orders", config, List.of(), Optional.of("another-uid"));

        for (var context : List.of(context("shop", "orders", config), recreated)) {
            assertThat(new LaunchSource(READER).read(context).owner()).isEqualTo(new Owner.Nobody(MARK, OTHER));
        }
        assertThat(claim("/flink/orders", MARK, "somebody else")).isInstanceOf(Outcome.Failed.class);
        assertThat(claim("/flink/orders", MARK, OTHER)).isEqualTo(Outcome.Done.PLAIN);
        assertThat(read().owner()).isEqualTo(new Owner.Self(MARK));
    }

    @Test
    void a_mark_that_cannot_be_read_is_nobodys_to_replace() throws Exception {
        claim("/flink/orders", "written by a later version", "");

        assertThat(read().owner()).isEqualTo(new Owner.Other("the owner of the mark written by a later version"));
    }

    @Test
    void a_deployed_namesake_without_a_mark_owns_a_root_that_both_would_use() throws Exception {
        make("/flink/orders/jobs/" + JOB + "/checkpoints/0000000000000000003");

        assertThat(owner(config.with("high-availability.zookeeper.quorum", "ZK-2:2181, " + quorum)))
                .isEqualTo(new Owner.Other("FlinkDeployment billing/orders"));
        for (var apart : List.of(
                FlinkConfig.EMPTY,
                config.with("high-availability.zookeeper.path.root", "/billing"),
                config.with("high-availability.zookeeper.quorum", "zk-2:2181"))) {
            assertThat(owner(apart)).as("%s", apart).isEqualTo(new Owner.Nobody(MARK, ""));
        }

        claim("/flink/orders", MARK, "");
        assertThat(owner(config)).as("the mark decides").isEqualTo(new Owner.Self(MARK));
    }

    private Owner owner(FlinkConfig namesake) {
        return new MetadataSource(READER)
                .read(new Context(
                        "shop",
                        "orders",
                        config,
                        List.of(new Namesake(new ResourceRef("FlinkDeployment", "billing", "orders"), namesake)),
                        Optional.empty()))
                .owner();
    }

    /** A server that takes connections and says nothing costs a pass less than half of what a plugin call may take. */
    @Test
    void a_server_that_hangs_is_left_within_the_limit() throws Exception {
        try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var hanging = config.with("high-availability.zookeeper.quorum", "127.0.0.1:" + silent.getLocalPort());
            long began = System.nanoTime();

            assertThatThrownBy(() -> new MetadataSource(READER).read(context("shop", "orders", hanging)))
                    .hasMessageContaining("does not answer within 1500 ms");

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(3500));
        }
    }

    @Test
    void nobody_there_is_told_with_the_key_to_check() {
        server.shutdown();

        assertThatThrownBy(() -> Ensemble.connect(quorum, Duration.ofMillis(300)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("high-availability.zookeeper.quorum");
    }
}
