package io.drey.plugin.upgrades;

import static io.drey.plugin.upgrades.Stateful.REF;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.port.KubernetesError;
import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.spi.plan.ObjectKey;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What would be launched is tried against the API server before anything is stopped or created for it. */
class LaunchTrialTest {
    private static final ObjectKey KEY = new ObjectKey("flink.apache.org/v1beta1", "FlinkDeployment", "tests", "job");
    private static final String WHY =
            "Deployment.apps \"job\" is invalid: spec.template.spec.containers[0].volumeMounts[0].name: Not found: \"logs\"";

    private static Optional<KubernetesError> refused(JsonNode object, String kind, int code, String message) {
        return object.path("kind").asText().equals(kind)
                ? Optional.of(new KubernetesError(code, message))
                : Optional.empty();
    }

    private static void refuses(Stateful world, String kind, int code, String message) {
        world.sim().kubernetes().admits(object -> refused(object, kind, code, message));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateless", "savepoint", "last-state"})
    void an_edit_that_kubernetes_refuses_leaves_the_job_alone_and_is_told_by_field(String mode) {
        var world = Stateful.running(mode, Ha.ON);
        var before = world.jobId();
        refuses(world, "Deployment", 422, WHY);

        world.apply("flink:2.4", mode);
        world.pass(20);

        assertThat(world.sim().cluster().started()).hasSize(1);
        assertThat(world.jobId()).isEqualTo(before);
        assertThat(world.job()).isEqualTo("RUNNING");
        assertThat(world.sim().flink().log()).isEmpty();
        assertThat(world.status().has("operation")).isFalse();
        assertThat(world.status().path("error").asText())
                .contains("Deployment job: spec.template.spec.containers[0].volumeMounts[0].name: Not found")
                .doesNotContain("is invalid");
        assertThat(world.condition("Reconciling")).contains("volumeMounts");
        assertThat(world.condition("Ready")).isEmpty();
    }

    @Test
    void a_template_that_is_refused_in_a_deployment_and_as_a_pod_is_told_once() {
        var world = Stateful.running("savepoint", Ha.OFF);
        world.sim()
                .kubernetes()
                .admits(object -> refused(object, "Deployment", 422, WHY)
                        .or(() -> refused(object, "Pod", 422, WHY.replace("spec.template.spec.", "spec."))));
        world.apply("flink:2.4", "savepoint");
        world.pass(20);

        assertThat(world.status().path("error").asText())
                .contains("Deployment job, Pod job-taskmanager-1-1: spec.template.spec.containers[0]")
                .containsOnlyOnce("Not found");
    }

    @Test
    void a_policy_that_is_fixed_elsewhere_lets_the_edit_through() {
        var world = Stateful.running("savepoint", Ha.OFF);
        refuses(world, "Pod", 403, "pods \"job-jobmanager\" is forbidden: violates PodSecurity \"restricted:latest\"");
        world.apply("flink:2.4", "savepoint");
        world.pass(32);
        assertThat(world.status().path("error").asText()).contains("violates PodSecurity");
        int tried = world.sim().kubernetes().tried();

        world.pass(8);
        assertThat(world.sim().kubernetes().tried()).as("a pause that grows").isEqualTo(tried);
        world.sim().kubernetes().admits(object -> Optional.empty());
        world.pass(45);

        assertThat(world.recorded()).contains("flink:2.4");
        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.status().has("error")).isFalse();
        world.lostNothing();
    }

    @Test
    void another_edit_is_tried_at_once() {
        var world = Stateful.running("savepoint", Ha.OFF);
        world.sim()
                .kubernetes()
                .admits(object -> object.toString().contains("flink:2.4")
                        ? refused(object, "Deployment", 422, WHY)
                        : Optional.empty());
        world.apply("flink:2.4", "savepoint");
        world.pass(100);

        world.apply("flink:2.5", "savepoint");
        world.pass(12);

        assertThat(world.recorded()).contains("flink:2.5");
        world.lostNothing();
    }

    @Test
    void of_a_first_launch_that_is_refused_nothing_is_made() {
        var world = new Stateful(Scenario.start(Ha.OFF));
        refuses(world, "ConfigMap", 403, "configmaps \"flink-config-job\" is forbidden: exceeded quota: small");

        world.apply("flink:2.3", "savepoint");
        world.pass(10);

        assertThat(world.sim().kubernetes().log()).noneMatch(entry -> entry.startsWith("create"));
        assertThat(world.status().path("error").asText()).contains("exceeded quota");
        world.sim().kubernetes().admits(object -> Optional.empty());
        world.pass(25);
        assertThat(world.lifecycle()).isEqualTo("STABLE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pods \"job-taskmanager-1-1\" is forbidden: exceeded quota: small, requested: cpu=1, used: cpu=4, limited: cpu=4",
                "pods is forbidden: User \"drey\" cannot create resource \"pods\" in API group \"\" in the namespace \"tests\""
            })
    void neither_a_quota_that_the_stop_frees_nor_a_right_that_is_missing_refuses_an_upgrade(String message) {
        var world = Stateful.running("savepoint", Ha.OFF);
        refuses(world, "Pod", 403, message);

        world.apply("flink:2.4", "savepoint");
        world.pass(12);

        assertThat(world.recorded()).contains("flink:2.4");
        assertThat(world.reasons().contains("QuotaExceeded")).isEqualTo(message.contains("quota"));
        world.lostNothing();
    }

    @Test
    void a_webhook_that_takes_no_part_in_dry_runs_is_passed_over() {
        var world = Stateful.running("savepoint", Ha.OFF);
        refuses(world, "Pod", 400, "admission webhook \"a.b.c\" does not support dry run");

        world.apply("flink:2.4", "savepoint");
        world.pass(12);

        assertThat(world.recorded()).contains("flink:2.4");
    }

    @Test
    void an_api_server_that_does_not_say_leaves_the_job_alone() {
        var world = Stateful.running("savepoint", Ha.OFF);
        refuses(world, "Deployment", 500, "failed calling webhook \"a.b.c\": no endpoints available");

        world.apply("flink:2.4", "savepoint");
        world.pass(12);

        assertThat(world.sim().cluster().started()).hasSize(1);
        assertThat(world.status().path("error").asText()).contains("failed calling webhook");
    }

    @Test
    void a_plan_shows_the_same_refusal() {
        var world = Stateful.running("savepoint", Ha.OFF);
        refuses(world, "Deployment", 422, WHY);

        var plan = world.sim().plan(Scenario.application("flink:2.4", 1, "running", "stateless", "{}"));

        assertThat(plan.holds()).anyMatch(hold -> hold.toString().contains("volumeMounts"));
    }

    @Test
    void a_job_that_rests_and_a_deletion_try_nothing() {
        var world = Stateful.running("savepoint", Ha.OFF);
        world.pass();
        int tried = world.sim().kubernetes().tried();

        world.pass(10);
        world.sim().clock().advance(Duration.ofHours(1));
        world.pass(10);
        refuses(world, "Deployment", 422, WHY);
        world.sim().delete(REF);
        world.pass(10);

        assertThat(world.sim().kubernetes().tried()).isEqualTo(tried);
        assertThat(world.sim().exists(REF)).isFalse();
    }

    @Test
    void a_pod_is_tried_with_the_owner_that_the_real_one_has() {
        var world = Stateful.running("savepoint", Ha.OFF);
        world.sim()
                .kubernetes()
                .admits(object ->
                        object.at("/metadata/ownerReferences/0/controller").asBoolean()
                                ? Optional.empty()
                                : refused(object, "Pod", 403, "pods without an owner are denied"));

        world.apply("flink:2.4", "savepoint");
        world.pass(12);

        assertThat(world.recorded()).contains("flink:2.4");
        assertThat(world.reasons()).doesNotContain("PodMayBeRefused");
    }

    @Test
    void where_nothing_runs_a_policy_for_pods_is_a_warning() {
        var world = new Stateful(Scenario.start(Ha.OFF));
        refuses(world, "Pod", 403, "admission webhook \"a.b.c\" denied the request: not by this user");

        world.apply("flink:2.3", "savepoint");
        world.pass(12);

        assertThat(world.lifecycle()).isEqualTo("STABLE");
        assertThat(world.reasons()).containsOnlyOnce("PodMayBeRefused");
    }

    @Test
    void a_key_turns_trials_off() {
        var world = Stateful.running("savepoint", Ha.OFF);
        refuses(world, "Deployment", 422, WHY);
        world.apply("flink:2.4", "savepoint");
        world.pass(10);
        assertThat(world.status().path("error").asText()).contains("kubernetes.operator.launch-trial.enabled");

        world.apply("flink:2.4", "savepoint", "running", "kubernetes.operator.launch-trial.enabled: 'false'");
        world.pass(12);

        assertThat(world.recorded()).contains("flink:2.4");
        world.lostNothing();
    }

    @Test
    void an_api_server_that_is_busy_has_refused_nothing() {
        var world = Stateful.running("savepoint", Ha.OFF);
        refuses(world, "Deployment", 429, "too many requests");
        world.apply("flink:2.4", "savepoint");
        world.pass(12);
        assertThat(world.sim().cluster().started()).hasSize(1);
        assertThat(world.status().path("error").asText()).doesNotContain("LaunchRefused", "Kubernetes refuses");

        world.sim().kubernetes().admits(object -> Optional.empty());
        world.pass(12);

        assertThat(world.recorded()).contains("flink:2.4");
    }

    @Test
    void an_edit_that_waits_for_approval_tries_nothing() {
        var world = Stateful.running("savepoint", Ha.OFF);
        var resource = (ObjectNode) world.sim().kubernetes().peek(KEY).orElseThrow();
        resource.withObject("/metadata/annotations").put("drey.io/plan", "true");
        world.sim().kubernetes().put(resource);
        world.converge();
        int tried = world.sim().kubernetes().tried();

        world.apply("flink:2.4", "savepoint");
        world.pass(12);

        assertThat(world.condition("Reconciling")).contains("drey.io/plan");
        assertThat(world.sim().kubernetes().tried()).isEqualTo(tried);
    }

    @Test
    void the_launch_of_a_resource_that_is_only_planned_has_an_owner_too() {
        var world = new Stateful(Scenario.start(Ha.OFF));
        world.sim()
                .kubernetes()
                .admits(object ->
                        object.at("/metadata/ownerReferences/0/uid").asText().isEmpty()
                                ? refused(object, "Deployment", 422, "metadata.ownerReferences.uid: must not be empty")
                                : Optional.empty());

        var plan = world.sim().plan(Scenario.application("flink:2.3", 1, "running", "stateless", "{}"));

        assertThat(plan.holds()).isEmpty();
        assertThat(world.sim().kubernetes().tried()).isPositive();
    }
}
