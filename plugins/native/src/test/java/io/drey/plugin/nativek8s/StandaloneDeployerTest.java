package io.drey.plugin.nativek8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.Deployer;
import io.drey.spi.Deployer.Launch;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.HighAvailability;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.operation.Operation.Restore;
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
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Clusters in standalone mode that another operator made. */
class StandaloneDeployerTest {
    private static final Step GONE =
            new Step.Await("the Deployments of JobManagers and TaskManagers are gone", Duration.ofSeconds(2));

    private final Deployer deployer = new Rendering(new NativePlugin()).deployer("standalone");
    private final Operation deletion = Rendering.operation(Restore.NONE).toBuilder()
            .cause(Cause.DELETE)
            .launch(false)
            .phase(Phase.STOPPED)
            .build();
    private final TestSituation situation = TestSituation.of(new FlinkDeployment(
                    Metadata.of("orders", "basic"),
                    FlinkDeploymentSpec.EMPTY.withJob(JobSpec.EMPTY),
                    new ResourceMapper()
                            .deployment(JsonNodeFactory.instance.objectNode())
                            .status()))
            .with(FlinkConfig.EMPTY.with("high-availability.type", "kubernetes"));

    private static ObjectNode object(String kind, String name) {
        var object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", kind.equals("Deployment") ? "apps/v1" : "v1").put("kind", kind);
        object.putObject("metadata")
                .put("namespace", "orders")
                .put("name", name)
                .put("uid", "uid-" + name);
        return object;
    }

    private TestSituation seen(Optional<ObjectNode> jobManager, Optional<ObjectNode> taskManagers) {
        return situation
                .with(ClusterObjects.TYPE, new ClusterObjects(jobManager.map(manager -> manager), List.of(), List.of()))
                .with(StandaloneTaskManagers.TYPE, new StandaloneTaskManagers(taskManagers.map(manager -> manager)));
    }

    private static Step delete(String name) {
        return new Step.Delete(
                new ObjectKey("apps/v1", "Deployment", "orders", name), "uid-" + name, Propagation.FOREGROUND);
    }

    @Test
    void both_deployments_go_and_are_waited_for() {
        var jobManager = Optional.of(object("Deployment", "basic"));
        var taskManagers = Optional.of(object("Deployment", "basic-taskmanager"));

        assertThat(deployer.teardown(seen(jobManager, taskManagers), deletion)).containsExactly(delete("basic"), GONE);
        assertThat(deployer.teardown(
                        seen(jobManager, taskManagers),
                        deletion.toBuilder()
                                .phaseAt(situation.now().minus(NativeDeployer.FIRST_STOP))
                                .build()))
                .as("JobManagers that do not stop")
                .containsExactly(delete("basic"), delete("basic-taskmanager"), GONE);
        assertThat(deployer.teardown(seen(Optional.empty(), taskManagers), deletion))
                .containsExactly(delete("basic-taskmanager"), GONE);
        taskManagers.get().withObject("/metadata").put("deletionTimestamp", "2026-11-01T11:59:00Z");
        assertThat(deployer.teardown(seen(Optional.empty(), taskManagers), deletion))
                .containsExactly(GONE);
        assertThat(deployer.teardown(seen(Optional.empty(), Optional.empty()), deletion))
                .isEmpty();
    }

    @Test
    void metadata_goes_with_the_resource_and_stays_when_the_cluster_is_only_stopped() {
        var map = object("ConfigMap", "basic-cluster-config-map");
        map.withObject("/metadata/labels").put("app", "basic").put("configmap-type", "high-availability");
        var gone = seen(Optional.empty(), Optional.empty())
                .with(HighAvailability.TYPE, new HighAvailability(List.of(map)));

        assertThat(deployer.clear(gone, deletion))
                .containsExactly(
                        new Step.Delete(ObjectKey.of(map), "uid-basic-cluster-config-map", Propagation.BACKGROUND));
        assertThat(deployer.clear(gone, deletion.toBuilder().cause(Cause.CHANGE).build()))
                .isEmpty();
    }

    @Test
    void none_is_launched() {
        var nothing = JsonNodeFactory.instance.objectNode();
        assertThatThrownBy(() -> deployer.render(new Launch(
                        situation.resource(),
                        FlinkConfig.EMPTY,
                        nothing,
                        nothing,
                        deletion,
                        Optional.empty(),
                        Optional.empty())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("spec.mode: found standalone");
    }
}
