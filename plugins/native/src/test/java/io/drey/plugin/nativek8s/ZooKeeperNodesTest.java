package io.drey.plugin.nativek8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.spi.Deployer;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.MissingFact;
import io.drey.spi.fact.ZooKeeperMetadata;
import io.drey.spi.fact.ZooKeeperMetadata.Owner;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkVersion;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.Metadata;
import io.drey.spi.resource.ResourceMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When nodes in ZooKeeper are removed, and which. */
class ZooKeeperNodesTest {
    private static final String JOB = "00000000000000000000000000000001";
    private static final String MARK = "uid-1 FlinkDeployment orders/basic";
    private static final String ROOT = "/flink/basic";
    private static final List<String> SUBMITTED = List.of(ROOT + "/jobgraphs/" + JOB);
    private static final Owner SELF = new Owner.Self(MARK);
    private static final Owner NOBODY = new Owner.Nobody(MARK, "");
    private static final FlinkConfig CONFIG = FlinkConfig.EMPTY
            .with("high-availability.type", "zookeeper")
            .with("high-availability.zookeeper.quorum", "zk:2181");

    private final Deployer deployer = new Rendering(new NativePlugin()).deployer();
    private final Operation empties = Rendering.operation(Restore.NONE).at(Phase.STOPPED, TestSituation.NOW);
    private final Operation keeps =
            Rendering.operation(Restore.HIGH_AVAILABILITY).at(Phase.STOPPED, TestSituation.NOW);
    private final FlinkDeployment resource = new FlinkDeployment(
            Metadata.of("orders", "basic"),
            FlinkDeploymentSpec.EMPTY.withJob(JobSpec.EMPTY),
            new ResourceMapper()
                    .deployment(JsonNodeFactory.instance.objectNode())
                    .status());
    private final TestSituation situation =
            TestSituation.of(resource).with(CONFIG).with(ClusterObjects.TYPE, ClusterObjects.ABSENT);

    private static ZooKeeperMetadata metadata(String root, Owner owner, boolean empty) {
        return empty
                ? new ZooKeeperMetadata("zk:2181", root, owner, Map.of(), List.of(), true)
                : new ZooKeeperMetadata("zk:2181", root, owner, Map.of(JOB, OptionalLong.of(7)), SUBMITTED, false);
    }

    private List<String> clear(Operation operation, Owner owner, boolean empty) {
        var metadata = metadata(ROOT, owner, empty);
        return told(deployer.clear(
                situation.with(ZooKeeperMetadata.TYPE, metadata).with(ZooKeeperMetadata.LAUNCH, metadata), operation));
    }

    private static List<String> told(List<Step> steps) {
        return steps.stream()
                .map(Step.External.class::cast)
                .map(step -> {
                    var payload = step.payload();
                    assertThat(payload.path("quorum").asText()).isEqualTo("zk:2181");
                    assertThat(payload.path("owner").asText()).isEqualTo(MARK);
                    return step.handler()
                            + (payload.has("paths")
                                    ? " " + payload.path("paths")
                                            + (payload.path("whole").asBoolean() ? " whole" : "")
                                    : " " + payload.path("root").asText() + " from \""
                                            + payload.path("found").asText() + "\"");
                })
                .toList();
    }

    @Test
    @Tag("S076")
    void a_launch_from_metadata_removes_the_job_as_it_was_submitted_and_nothing_else() {
        assertThat(clear(keeps, SELF, false)).containsExactly("zookeeper-removal [\"" + SUBMITTED.getFirst() + "\"]");
        assertThat(clear(keeps, SELF, true)).isEmpty();
    }

    @Test
    @Tag("S076")
    void a_launch_without_state_removes_all_but_the_mark() {
        assertThat(clear(empties, SELF, false)).containsExactly("zookeeper-removal [\"/flink/basic\"]");
        assertThat(clear(empties, SELF, true)).isEmpty();
    }

    @Test
    void a_place_without_an_owner_is_marked_before_anything_is_removed() {
        assertThat(clear(empties, NOBODY, true)).containsExactly("zookeeper-claim /flink/basic from \"\"");
        assertThat(clear(empties, NOBODY, false))
                .containsExactly("zookeeper-claim /flink/basic from \"\"", "zookeeper-removal [\"/flink/basic\"]");
        assertThat(clear(keeps, new Owner.Nobody(MARK, "uid-0 FlinkDeployment orders/basic"), false))
                .startsWith("zookeeper-claim /flink/basic from \"uid-0 FlinkDeployment orders/basic\"")
                .hasSize(2);
    }

    @Test
    @Tag("S076")
    void metadata_of_this_launch_itself_stays_when_its_cluster_was_lost() {
        var launching = empties.keep(Operation.JOB_ID, JOB).at(Phase.LAUNCHING, TestSituation.NOW);

        assertThat(clear(launching, SELF, false))
                .containsExactly("zookeeper-removal [\"" + SUBMITTED.getFirst() + "\"]");
        assertThat(clear(launching.keep(Operation.JOB_ID, "f".repeat(32)), SELF, false))
                .containsExactly("zookeeper-removal [\"/flink/basic\"]");
    }

    @Test
    void a_deletion_removes_the_root_with_its_mark_but_never_another_resources() {
        var deletion = empties.retarget(Cause.DELETE, Target.DEPLOYED, 2, Restore.NONE, false);
        var other = new Owner.Other("FlinkDeployment billing/basic");

        assertThat(clear(deletion, SELF, false)).containsExactly("zookeeper-removal [\"/flink/basic\"] whole");
        assertThat(clear(deletion, SELF, true)).containsExactly("zookeeper-removal [\"/flink/basic\"] whole");
        assertThat(clear(deletion, other, false)).isEmpty();
        assertThat(clear(deletion, NOBODY, false)).as("never deployed").isEmpty();
    }

    @Test
    void a_deletion_removes_metadata_of_a_deployed_resource_that_has_no_mark_yet() {
        var deletion = empties.retarget(Cause.DELETE, Target.DEPLOYED, 2, Restore.NONE, false);
        var facts = situation.deployedAs(CONFIG).with(ZooKeeperMetadata.TYPE, metadata(ROOT, NOBODY, false));

        assertThat(told(deployer.clear(facts, deletion)))
                .containsExactly(
                        "zookeeper-claim /flink/basic from \"\"", "zookeeper-removal [\"/flink/basic\"] whole");
    }

    @Test
    void a_launch_in_another_place_marks_it_and_leaves_nothing_in_the_old_one() {
        var facts = situation
                .with(CONFIG.with("high-availability.zookeeper.path.root", "/new"))
                .deployedAs(CONFIG)
                .with(ZooKeeperMetadata.TYPE, metadata(ROOT, SELF, false))
                .with(ZooKeeperMetadata.LAUNCH, metadata("/new/basic", NOBODY, true));

        assertThat(told(deployer.clear(facts, empties)))
                .containsExactly("zookeeper-claim /new/basic from \"\"", "zookeeper-removal [\"/flink/basic\"] whole");
    }

    @Test
    void a_launch_without_high_availability_leaves_nothing_in_the_old_place() {
        var facts = situation
                .with(FlinkConfig.EMPTY)
                .deployedAs(CONFIG)
                .with(ZooKeeperMetadata.TYPE, metadata(ROOT, SELF, false));

        assertThat(told(deployer.clear(facts, empties))).containsExactly("zookeeper-removal [\"/flink/basic\"] whole");
        assertThat(deployer.clear(situation.with(FlinkConfig.EMPTY), empties)).isEmpty();
    }

    @Test
    void a_session_cluster_that_keeps_its_jobs_is_marked_too() {
        var session = new TestSituation(
                        resource.withSpec(FlinkDeploymentSpec.EMPTY),
                        CONFIG,
                        Optional.empty(),
                        situation.facts(),
                        TestSituation.NOW)
                .with(ZooKeeperMetadata.LAUNCH, metadata(ROOT, NOBODY, false));

        assertThat(told(deployer.clear(session, keeps))).containsExactly("zookeeper-claim /flink/basic from \"\"");
    }

    @Test
    void a_suspended_jobs_place_stays_its_own() {
        var suspension = empties.retarget(Cause.CHANGE, Target.CURRENT, 2, Restore.NONE, false);

        assertThat(clear(suspension, SELF, false)).containsExactly("zookeeper-removal [\"/flink/basic\"]");
        assertThat(clear(suspension, SELF, true)).isEmpty();
    }

    @Test
    void a_launch_in_a_place_of_another_resource_is_not_rendered() {
        var rendering = new Rendering(new NativePlugin());
        var versioned = resource.withSpec(resource.spec().withFlinkVersion(FlinkVersion.V2_3));

        assertThatThrownBy(() -> rendering.config(
                        versioned,
                        CONFIG,
                        TestSituation.of(versioned).with(CONFIG).with(empties)))
                .isInstanceOfSatisfying(
                        MissingFact.class, fact -> assertThat(fact.type()).isEqualTo(ZooKeeperMetadata.LAUNCH));
    }
}
