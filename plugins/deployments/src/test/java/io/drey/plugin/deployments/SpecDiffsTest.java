package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.SpecDiff;
import io.drey.spi.SpecDiff.Type;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.LastReconciledSpec;
import io.drey.spi.resource.ResourceMapper;
import io.drey.testkit.Simulation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an edit of a field calls for. */
class SpecDiffsTest {
    private final ResourceMapper mapper = new ResourceMapper();
    private final SpecDiffs diffs = new SpecDiffs(mapper);

    private FlinkDeploymentSpec spec(String yaml) {
        return mapper.part(Simulation.parse("spec:\n" + yaml.indent(2)), "spec", FlinkDeploymentSpec.class);
    }

    private SpecDiff diff(String from, String to) {
        return diffs.between(spec(from), spec(to));
    }

    private Type type(String from, String to) {
        return diff(from, to).type();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "upgradeMode: last-state",
                "allowNonRestoredState: true",
                "initialSavepointPath: s3://a",
                "savepointTriggerNonce: 1",
                "checkpointTriggerNonce: 1",
                "autoscalerResetNonce: 1"
            })
    @Tag("S090")
    void s090_fields_of_bookkeeping_start_nothing(String field) {
        var diff = diff("job: {parallelism: 1}", "job: {parallelism: 1, " + field + "}");

        assertThat(diff.isEmpty()).isFalse();
        assertThat(diff.type()).isEqualTo(Type.IGNORE);
    }

    @ParameterizedTest
    @CsvSource({"native, UPGRADE", "standalone, SCALE"})
    @Tag("S091")
    void s091_parallelism_and_replicas(String mode, Type expected) {
        var ground = "mode: " + mode + "\n";

        assertThat(type(ground + "job: {parallelism: 1}", ground + "job: {parallelism: 2}"))
                .isEqualTo(expected);
        assertThat(type(ground + "taskManager: {replicas: 1}", ground + "taskManager: {replicas: 2}"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"native, SCALE", "standalone, UPGRADE"})
    @Tag("S092")
    void s092_parallelism_overrides(String mode, Type expected) {
        var ground = "mode: " + mode + "\nflinkConfiguration: {pipeline.jobvertex-parallelism-overrides: ";

        assertThat(type(ground + "'a:1'}", ground + "'a:2'}")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"job.autoscaler.enabled", "parallelism.default", "kubernetes.operator.job.restart.failed"})
    @Tag("S093")
    void s093_keys_of_the_operator_start_nothing(String key) {
        assertThat(type("flinkConfiguration: {}", "flinkConfiguration: {" + key + ": '1'}"))
                .isEqualTo(Type.IGNORE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "image: other",
                "job: {parallelism: 1, entryClass: Main}",
                "job: {parallelism: 1, args: [a]}",
                "job: {parallelism: 1, state: suspended}",
                "taskManager: {resource: {memory: 2g}}",
                "jobManager: {replicas: 2}",
                "flinkConfiguration: {state.backend.type: rocksdb}",
                "logConfiguration: {log4j-console.properties: 'rootLogger.level = WARN'}"
            })
    @Tag("S094")
    void s094_everything_else_is_an_upgrade(String edit) {
        var before = edit.startsWith("job:") ? "job: {parallelism: 1}" : "serviceAccount: flink";
        var after = edit.startsWith("job:") ? edit : "serviceAccount: flink\n" + edit;

        assertThat(type(before, after)).isEqualTo(Type.UPGRADE);
    }

    @Test
    @Tag("S095")
    void s095_a_redeploy_nonce_beats_everything_and_its_removal_is_ignored() {
        assertThat(type(
                        "image: a\njob: {savepointRedeployNonce: 1}",
                        "image: b\njob: {savepointRedeployNonce: 2, upgradeMode: savepoint}"))
                .isEqualTo(Type.SAVEPOINT_REDEPLOY);
        assertThat(diff("job: {savepointRedeployNonce: 1}", "job: {}").isEmpty())
                .isTrue();
    }

    @Test
    @Tag("S096")
    void s096_a_restart_nonce_is_an_upgrade_and_its_removal_is_ignored() {
        assertThat(type("image: a", "image: a\nrestartNonce: 1")).isEqualTo(Type.UPGRADE);
        assertThat(type("restartNonce: 1", "restartNonce: 2")).isEqualTo(Type.UPGRADE);
        assertThat(diff("image: a\nrestartNonce: 1", "image: a").isEmpty()).isTrue();
    }

    @Test
    @Tag("S097")
    void s097_what_kubernetes_does_not_know_of_a_pod_template_makes_no_difference() {
        var known = "podTemplate: {spec: {containers: [{name: flink-main-container, image: a}]}}";

        assertThat(diff(
                                known,
                                "podTemplate: {kind: Pod, status: {}, spec: {madeUp: 1, containers: "
                                        + "[{name: flink-main-container, image: a, madeUp: {x: 1}}]}}")
                        .isEmpty())
                .isTrue();
        assertThat(type(known, "podTemplate: {spec: {containers: [{name: flink-main-container, image: b}]}}"))
                .isEqualTo(Type.UPGRADE);
        assertThat(type(known, "image: a")).isEqualTo(Type.UPGRADE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "jobManager: ", "taskManager: "})
    void a7_a_template_as_another_operator_recorded_it_is_the_one_that_the_user_wrote(String where) {
        var open = where.isEmpty() ? "" : where + "{";
        var close = where.isEmpty() ? "" : "}";
        var written = open
                + "podTemplate: {metadata: {name: x}, spec: {containers: [{name: c, resources: {limits: {cpu: 1}}}]}}"
                + close;
        var recorded = open + "podTemplate: {metadata: {name: x, labels: {}}, spec: {volumes: [], containers: "
                + "[{name: c, env: [], resources: {limits: {cpu: '1'}}}]}}" + close;

        assertThat(diff(recorded, written).changes()).isEmpty();
    }

    @Test
    void a7_a_record_of_a_spec_is_equal_to_the_spec() {
        var spec = spec("""
                image: a
                flinkVersion: v2_3
                flinkConfiguration: {a: {b: 1}, c: true}
                podTemplate: {spec: {containers: [{name: c, resources: {limits: {cpu: 2}}}]}}
                jobManager: {resource: {cpu: 1, memory: 1g}, podTemplate: {metadata: {labels: {x: 'y'}}}}
                taskManager: {resources: {requests: {cpu: 1, memory: 1Gi}}}
                job: {jarURI: 'local:///a.jar', args: [a], parallelism: 2}
                """);

        var text = mapper.writeRecorded(LastReconciledSpec.of(spec, FlinkDeployment.TYPE, false));

        var read = mapper.readRecorded(text, FlinkDeploymentSpec.class).spec();
        assertThat(diffs.between(read, spec).changes()).isEmpty();
    }

    @Test
    void a7_fields_of_a_newer_contract_are_no_difference() {
        assertThat(diff(
                                "image: a\nnewer: {x: 1}\njob: {newer: 1}\njobManager: {newer: 1}\ntaskManager: {newer: 1}",
                                "image: a\njob: {}\njobManager: {}\ntaskManager: {}")
                        .changes())
                .isEmpty();
    }

    @Test
    @Tag("S098")
    void s098_configuration_is_compared_as_flink_sees_it() {
        assertThat(diff("image: a", "image: a\nflinkConfiguration: {}").isEmpty())
                .isTrue();
        assertThat(diff("flinkConfiguration: {a.b: '1', a.c: x}", "flinkConfiguration: {a: {b: 1, c: x}}")
                        .isEmpty())
                .isTrue();
    }

    @Test
    @Tag("S099")
    void s099_lists_are_compared_in_order_and_told_in_words() {
        var diff = diff("job: {args: [a, b]}", "job: {args: [b, a]}");

        assertThat(diff.type()).isEqualTo(Type.UPGRADE);
        assertThat(diff.describe()).isEqualTo("job.args : [a, b] -> [b, a]");
    }

    @Test
    void secrets_are_not_told() {
        var diff = diff("""
                flinkConfiguration: {s3.secret-key: old-1, containerized.master.env.X: old-2, a: 'http://u:old-3@host/'}
                job: {args: [--password, old-4, --api-token=old-5, --in, x]}
                podTemplate: {spec: {containers: [{env: [{name: a, value: old-6}]}]}}
                jobManager: {podTemplate: {metadata: {annotations: {a: old-7}}}}
                logConfiguration: {log4j-console.properties: old-8}
                """, """
                flinkConfiguration: {s3.secret-key: new-1, containerized.master.env.X: new-2, a: 'http://u:new-3@host/'}
                job: {args: [--password, new-4, --api-token=new-5, --in, 'y']}
                podTemplate: {spec: {containers: [{env: [{name: a, value: new-6}]}]}}
                jobManager: {podTemplate: {metadata: {annotations: {a: new-7}}}}
                logConfiguration: {log4j-console.properties: new-8}
                """);

        assertThat(diff.changes()).hasSize(7);
        assertThat(diff.describe())
                .doesNotContain("old-", "new-")
                .contains("[--password, ******, --api-token=******, --in, x]");
    }
}
