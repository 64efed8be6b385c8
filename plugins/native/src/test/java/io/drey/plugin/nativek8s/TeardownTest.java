package io.drey.plugin.nativek8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.Deployer;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.HighAvailability;
import io.drey.spi.fact.MissingFact;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Step;
import io.drey.spi.plan.Step.Propagation;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.Metadata;
import io.drey.spi.resource.ResourceMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TeardownTest {
    private static final ObjectKey DEPLOYMENT = new ObjectKey("apps/v1", "Deployment", "orders", "basic");
    private static final Step GONE = new Step.Await("JobManager pods are gone", Duration.ofSeconds(2));
    private static final Step DEPENDENTS_GONE =
            new Step.Await("TaskManager pods, and the Deployment that owns them, are gone", Duration.ofSeconds(2));
    private static final Step STOPPED = new Step.Await("JobManagers have stopped", Duration.ofSeconds(2));
    private static final Step CLEARED = new Step.Await("high-availability metadata is gone", Duration.ofSeconds(1));

    private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";

    private final Deployer deployer = new Rendering(new NativePlugin()).deployer();
    private final Operation operation = Rendering.operation(Restore.NONE).at(Phase.RECORDED, TestSituation.NOW);
    private final FlinkDeployment resource = new FlinkDeployment(
            Metadata.of("orders", "basic"),
            FlinkDeploymentSpec.EMPTY,
            new ResourceMapper()
                    .deployment(JsonNodeFactory.instance.objectNode())
                    .status());
    private final TestSituation situation = TestSituation.of(resource);
    private final TestSituation gone = situation.with(ClusterObjects.TYPE, ClusterObjects.ABSENT);
    private final TestSituation application =
            TestSituation.of(resource.withSpec(FlinkDeploymentSpec.EMPTY.withJob(JobSpec.EMPTY)));

    @Test
    void nothingIsToBeDoneWhereNothingIs() {
        assertThat(deployer.teardown(situation.with(ClusterObjects.TYPE, ClusterObjects.ABSENT), operation))
                .isEmpty();
    }

    @Test
    void asksForTheFactThatItNeeds() {
        assertThatThrownBy(() -> deployer.teardown(situation, operation)).isInstanceOf(MissingFact.class);
    }

    @Test
    @Tag("S183")
    void stopsJobManagersBeforeAForegroundDelete() {
        var patch = new Step.Patch(DEPLOYMENT, "7", json("{\"spec\":{\"replicas\":0}}"), Optional.of("uid-1"));
        var delete = new Step.Delete(DEPLOYMENT, "uid-1", Propagation.FOREGROUND);

        assertThat(teardown(deployment(1), List.of(pod()))).containsExactly(patch, STOPPED, delete, GONE);
        assertThat(teardown(deployment(0), List.of(pod()))).containsExactly(STOPPED, delete, GONE);
        assertThat(teardown(deployment(0), List.of())).containsExactly(delete, DEPENDENTS_GONE);
    }

    @Test
    @Tag("S184")
    void doesNotWaitLongForAJobManagerThatDoesNotStop() {
        var facts = situation.with(
                ClusterObjects.TYPE, new ClusterObjects(Optional.of(deployment(0)), List.of(pod()), List.of()));

        assertThat(deployer.teardown(facts.at(TestSituation.NOW.plusSeconds(60)), operation))
                .containsExactly(new Step.Delete(DEPLOYMENT, "uid-1", Propagation.FOREGROUND), GONE);
    }

    @ParameterizedTest
    @EnumSource(Propagation.class)
    @Tag("S183")
    void deletesAsTheConfigurationSays(Propagation propagation) {
        var config = FlinkConfig.EMPTY.with("kubernetes.operator.resource.deletion.propagation", propagation.name());
        var facts = situation
                .with(config)
                .with(ClusterObjects.TYPE, new ClusterObjects(Optional.of(deployment(1)), List.of(), List.of()));

        var steps = deployer.teardown(facts, operation);

        var background = propagation == Propagation.BACKGROUND;
        assertThat(steps)
                .as("what is replaced is never orphaned: the next launch needs its names")
                .contains(new Step.Delete(
                        DEPLOYMENT, "uid-1", background ? Propagation.BACKGROUND : Propagation.FOREGROUND));
        assertThat(steps.stream().anyMatch(Step.Patch.class::isInstance)).isEqualTo(!background);
    }

    @Test
    @Tag("S183")
    void a_cluster_that_is_orphaned_runs_on_and_keeps_its_metadata() {
        var deletion = operation.toBuilder().cause(Cause.DELETE).launch(false).build();
        var orphaned = situation
                .with(FlinkConfig.EMPTY
                        .with("kubernetes.operator.resource.deletion.propagation", "ORPHAN")
                        .with("high-availability.type", "kubernetes"))
                .with(
                        HighAvailability.TYPE,
                        new HighAvailability(List.of(configMap("basic-cluster-config-map", Map.of()))));
        var running = orphaned.with(
                ClusterObjects.TYPE, new ClusterObjects(Optional.of(deployment(1)), List.of(pod()), List.of()));
        var alone = orphaned.with(ClusterObjects.TYPE, new ClusterObjects(Optional.empty(), List.of(pod()), List.of()));

        assertThat(deployer.teardown(running, deletion))
                .containsExactly(
                        new Step.Delete(DEPLOYMENT, "uid-1", Propagation.ORPHAN),
                        new Step.Await("the Deployment is gone", Duration.ofSeconds(1)));
        assertThat(deployer.teardown(alone, deletion)).isEmpty();
        assertThat(deployer.clear(alone, deletion.at(Phase.STOPPED, TestSituation.NOW)))
                .isEmpty();
    }

    @Test
    @Tag("S185")
    void onlyWaitsForWhatIsOnItsWay() {
        var terminating = deployment(0);
        terminating.withObject("/metadata").put("deletionTimestamp", "2026-11-01T11:59:00Z");

        assertThat(teardown(terminating, List.of(pod()))).containsExactly(GONE);
        assertThat(deployer.teardown(
                        situation.with(
                                ClusterObjects.TYPE, new ClusterObjects(Optional.empty(), List.of(pod()), List.of())),
                        operation))
                .containsExactly(GONE);
    }

    @Test
    @Tag("S188")
    void clearsEachMapButTheAutoscalers() {
        var terminating = configMap("basic-x-config-map", Map.of());
        terminating.withObject("/metadata").put("deletionTimestamp", "2026-11-01T11:59:00Z");
        var autoscaler = configMap("autoscaler-basic-config-map", Map.of());
        autoscaler.withObject("/metadata/labels").put("component", "autoscaler");
        var maps = new HighAvailability(List.of(
                configMap("basic-cluster-config-map", Map.of()),
                terminating,
                autoscaler,
                configMap("flink-config-basic", Map.of())));

        assertThat(deployer.clear(gone.with(HighAvailability.TYPE, maps), operation))
                .containsExactly(
                        new Step.Delete(
                                new ObjectKey("v1", "ConfigMap", "orders", "basic-cluster-config-map"),
                                "uid-basic-cluster-config-map",
                                Propagation.BACKGROUND),
                        CLEARED);
        assertThat(deployer.clear(
                        gone.with(HighAvailability.TYPE, new HighAvailability(List.of(terminating))), operation))
                .containsExactly(CLEARED);
        assertThat(deployer.clear(
                        gone.with(HighAvailability.TYPE, new HighAvailability(List.of(autoscaler))), operation))
                .isEmpty();
    }

    /** What has no finalizer is gone when the API server says so. */
    @Test
    void waitsForMetadataThatSomebodyHolds() {
        var free = configMap("basic-cluster-config-map", Map.of());
        var held = free.deepCopy();
        held.withObject("/metadata").putArray("finalizers").add("example.com/backup");

        assertThat(cleared(free)).singleElement().isInstanceOf(Step.Delete.class);
        assertThat(cleared(held)).hasSize(2).endsWith(CLEARED);
    }

    private List<Step> cleared(ObjectNode configMap) {
        return deployer.clear(gone.with(HighAvailability.TYPE, new HighAvailability(List.of(configMap))), operation);
    }

    /** Whoever started it: its metadata is not taken away under it. */
    @Test
    void leavesAloneWhatAJobManagerThatRunsHasWritten() {
        var maps = new HighAvailability(List.of(configMap("basic-cluster-config-map", Map.of())));
        var launching = operation.at(Phase.LAUNCHING, TestSituation.NOW);
        var down = gone.with(HighAvailability.TYPE, maps);
        var running =
                down.with(ClusterObjects.TYPE, new ClusterObjects(Optional.of(deployment(1)), List.of(), List.of()));

        var ending = down.with(ClusterObjects.TYPE, new ClusterObjects(Optional.empty(), List.of(pod()), List.of()));

        assertThat(deployer.clear(down, launching)).isNotEmpty();
        for (var phase : List.of(operation, launching)) {
            assertThat(deployer.clear(running, phase)).isEmpty();
            assertThat(deployer.clear(ending, phase)).as("it still writes").containsExactly(GONE);
        }
    }

    /** After a stop, a JobManager on its way down still writes; before it, the plan shows what will be removed. */
    @Test
    void waitsForTheJobManagersOnlyOnceTheyShouldHaveStopped() {
        var cancelled = operation.stoppedBy(Stop.of(StopMode.CANCEL));
        var maps = new HighAvailability(List.of(configMap("basic-cluster-config-map", Map.of())));
        var ending = situation
                .with(HighAvailability.TYPE, maps)
                .with(ClusterObjects.TYPE, new ClusterObjects(Optional.empty(), List.of(pod()), List.of()));

        for (var phase : List.of(Phase.STOPPED, Phase.CLEARED, Phase.LAUNCHING)) {
            assertThat(deployer.clear(ending, cancelled.at(phase, TestSituation.NOW)))
                    .as("%s", phase)
                    .containsExactly(GONE);
        }
        for (var phase : List.of(Phase.RECORDED, Phase.STOPPING)) {
            assertThat(deployer.clear(ending, cancelled.at(phase, TestSituation.NOW)))
                    .as("%s", phase)
                    .singleElement()
                    .isInstanceOf(Step.Delete.class);
        }
    }

    /** Of the Deployment alone: its pods wait for ConfigMaps that nobody makes any more. */
    @Test
    void takesAwayWhatAnOperationThatWasGivenUpHadAskedFor() {
        var launching = operation.at(Phase.LAUNCHING, TestSituation.NOW);
        var late = deployment(1);
        late.withObject("/metadata/annotations").put(ClusterManifests.OPERATION, "f".repeat(32));
        var owner = late.withObject("/metadata").withArray("ownerReferences").addObject();
        owner.put("uid", resource.metadata().uid());
        var waiting = pod();
        waiting.withObject("/status").put("phase", "Pending");
        var started = pod();
        started.withObject("/status").put("phase", "Running");

        assertThat(cleared(launching, late)).containsExactlyElementsOf(teardown(late, List.of()));
        assertThat(cleared(launching, late, waiting)).contains(GONE);
        assertThat(cleared(launching, late, started)).as("it may have run").isEmpty();
        assertThat(cleared(launching.toBuilder().id("f".repeat(32)).build(), late))
                .as("its own")
                .isEmpty();
        owner.put("uid", "of another resource");
        assertThat(cleared(launching, late)).as("another resource's").isEmpty();
        assertThat(cleared(launching, deployment(1))).as("a stranger's").isEmpty();
    }

    private List<Step> cleared(Operation running, JsonNode deployment, JsonNode... pods) {
        return deployer.clear(
                situation.with(
                        ClusterObjects.TYPE, new ClusterObjects(Optional.of(deployment), List.of(pods), List.of())),
                running);
    }

    @Test
    void looksForMetadataOnlyWhereThereShouldBeSome() {
        assertThat(deployer.clear(gone, operation)).isEmpty();

        var on = gone.with(FlinkConfig.EMPTY.with("high-availability.type", "KUBERNETES"));
        assertThatThrownBy(() -> deployer.clear(on, operation)).isInstanceOf(MissingFact.class);
    }

    @Test
    @Tag("S075")
    void dropsJobGraphsWhereMetadataIsKept() {
        var keeping = Rendering.operation(Restore.HIGH_AVAILABILITY).at(Phase.STOPPED, TestSituation.NOW);
        var facts = application
                .with(ClusterObjects.TYPE, ClusterObjects.ABSENT)
                .with(
                        HighAvailability.TYPE,
                        new HighAvailability(List.of(
                                configMap(
                                        "basic-cluster-config-map",
                                        Map.of("executionPlan-1", "x", "jobGraph-2", "y", "counter", "z")),
                                configMap("basic-x-config-map", Map.of("checkpointID-1", "x")))));

        assertThat(deployer.clear(facts, keeping))
                .containsExactly(new Step.Patch(
                        new ObjectKey("v1", "ConfigMap", "orders", "basic-cluster-config-map"),
                        "7",
                        json("{\"data\":{\"executionPlan-1\":null,\"jobGraph-2\":null}}")));
        var running =
                facts.with(ClusterObjects.TYPE, new ClusterObjects(Optional.of(deployment(1)), List.of(), List.of()));
        assertThat(deployer.clear(running, keeping)).isEmpty();
        var session = new TestSituation(
                situation.resource(), FlinkConfig.EMPTY, Optional.empty(), facts.facts(), TestSituation.NOW);
        assertThat(deployer.clear(session, keeping)).isEmpty();
    }

    /** What a launch has begun, and whose cluster was then lost, goes on from where it was. */
    @Test
    void keepsWhatTheJobOfThisLaunchHasWritten() {
        var launching = operation.keep(Operation.JOB_ID, "abc").at(Phase.LAUNCHING, TestSituation.NOW);
        var own = configMap("basic-abc-config-map", Map.of("checkpointID-7", "x"));
        var submitted = configMap("basic-cluster-config-map", Map.of("jobGraph-abc", "y"));
        var facts = application
                .with(FlinkConfig.EMPTY.with("high-availability.type", "kubernetes"))
                .with(ClusterObjects.TYPE, ClusterObjects.ABSENT)
                .with(HighAvailability.TYPE, new HighAvailability(List.of(own, submitted)));

        assertThat(deployer.clear(facts, launching))
                .singleElement()
                .isInstanceOfSatisfying(
                        Step.Patch.class,
                        patch -> assertThat(patch.merge()).isEqualTo(json("{\"data\":{\"jobGraph-abc\":null}}")));
        assertThat(deployer.clear(facts, launching.keep(Operation.JOB_ID, "def")))
                .as("of an earlier launch")
                .hasSize(2)
                .allMatch(Step.Delete.class::isInstance);
    }

    /** Of a job and of a session cluster. */
    @Test
    void givesUpTheLeaseOfALeaderThatIsGone() {
        var keeping = Rendering.operation(Restore.HIGH_AVAILABILITY).at(Phase.LAUNCHING, TestSituation.NOW);
        var held = configMap("basic-cluster-config-map", Map.of("jobGraph-2", "y"));
        lease(held, "{\"holderIdentity\":\"a\",\"leaseDuration\":\"PT15S\",\"leaderTransitions\":3}");
        var free = configMap("basic-x-config-map", Map.of("checkpointID-1", "x"));
        lease(free, "{\"holderIdentity\":\"\",\"leaseDuration\":\"PT1S\",\"leaderTransitions\":3}");
        var strange = configMap("basic-y-config-map", Map.of());
        lease(strange, "nobody");
        var facts = application
                .with(ClusterObjects.TYPE, ClusterObjects.ABSENT)
                .with(HighAvailability.TYPE, new HighAvailability(List.of(held, free, strange)));
        var session = new TestSituation(
                situation.resource(), FlinkConfig.EMPTY, Optional.empty(), facts.facts(), TestSituation.NOW);

        assertThat(deployer.clear(session, keeping)).singleElement().satisfies(step -> {
            var patch = (Step.Patch) step;
            assertThat(patch.key().name()).isEqualTo("basic-cluster-config-map");
            assertThat(patch.resourceVersion())
                    .as("as long as nobody else has taken it")
                    .isEqualTo("7");
            assertThat(patch.merge().path("data").isMissingNode()).isTrue();
            assertThat(json(patch.merge()
                            .at("/metadata/annotations")
                            .path(LEADER)
                            .asText()))
                    .isEqualTo(json("{\"holderIdentity\":\"\",\"leaseDuration\":\"PT15S\",\"leaderTransitions\":3}"));
        });
        assertThat(deployer.clear(facts, keeping))
                .singleElement()
                .extracting(step -> ((Step.Patch) step).merge())
                .satisfies(merge -> {
                    assertThat(merge.at("/data").has("jobGraph-2")).isTrue();
                    assertThat(merge.at("/metadata/annotations").has(LEADER)).isTrue();
                });
    }

    private static void lease(ObjectNode configMap, String record) {
        configMap.withObject("/metadata").withObject("/annotations").put(LEADER, record);
    }

    @Test
    void knowsWhereTheRestApiIs() {
        assertThat(deployer.flink(situation.resource(), FlinkConfig.EMPTY))
                .isEqualTo(new FlinkRef("orders", "basic", 8081));
        assertThat(deployer.flink(situation.resource(), FlinkConfig.EMPTY.with("rest.port", "9000")))
                .isEqualTo(new FlinkRef("orders", "basic", 9000));
        assertThat(deployer.flink(situation.resource(), FlinkConfig.EMPTY.with("web.port", "9001")))
                .as("the older name")
                .isEqualTo(new FlinkRef("orders", "basic", 9001));
    }

    private List<Step> teardown(JsonNode deployment, List<JsonNode> pods) {
        return deployer.teardown(
                situation.with(ClusterObjects.TYPE, new ClusterObjects(Optional.of(deployment), pods, List.of())),
                operation);
    }

    private static ObjectNode deployment(int replicas) {
        var deployment = json("""
                {"apiVersion": "apps/v1", "kind": "Deployment",
                 "metadata": {"namespace": "orders", "name": "basic", "uid": "uid-1", "resourceVersion": "7"}}
                """);
        deployment.withObject("/spec").put("replicas", replicas);
        return deployment;
    }

    private static ObjectNode pod() {
        return json("{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"basic-1\"}}");
    }

    private static ObjectNode configMap(String name, Map<String, String> data) {
        var configMap = json("""
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"namespace": "orders", "resourceVersion": "7",
                 "labels": {"type": "flink-native-kubernetes", "app": "basic"}}, "data": {}}
                """);
        configMap.withObject("/metadata").put("name", name).put("uid", "uid-" + name);
        data.forEach(configMap.withObject("/data")::put);
        return configMap;
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new com.fasterxml.jackson.databind.ObjectMapper().readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
