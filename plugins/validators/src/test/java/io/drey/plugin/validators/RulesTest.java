package io.drey.plugin.validators;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.drey.spi.AdmissionRule;
import io.drey.spi.AdmissionRule.AdmissionRequest;
import io.drey.spi.AdmissionRule.Effect;
import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.ResourceMapper;
import io.drey.testkit.FeatureSets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules together, as a plugin lists them: from a manifest to what is told about it. */
class RulesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final ResourceMapper RESOURCES = new ResourceMapper();
    private static final String HA = "high-availability.type: kubernetes";

    private final List<AdmissionRule> rules = rules();

    @Test
    void sayNothingAboutTheSmallestDeployment() {
        assertThat(violations(deployment(""))).isEmpty();
    }

    @Test
    void sayNothingAboutASessionCluster() {
        var session = deployment("");
        ((ObjectNode) session.get("spec")).remove("job");
        assertThat(violations(session)).isEmpty();
    }

    @Test
    void tellTheFirstViolationInTheOrderOfTheContract() {
        var many =
                deployment("name=Upper, spec.job.parallelism=-1, spec.serviceAccount=null, spec.jobManager.replicas=0");
        assertThat(violations(many))
                .extracting(Violation::field)
                .containsExactly(
                        "metadata.name", "spec.job.parallelism", "spec.jobManager.replicas", "spec.serviceAccount");
    }

    @Test
    void tellWhatWasFoundWhatIsAllowedAndWhatToDo() {
        assertThat(violations(deployment("spec.job.parallelism=-1")).getFirst().text())
                .isEqualTo("spec.job.parallelism: Found -1, must be larger than 0. Set it to 1 or more");
    }

    @ParameterizedTest
    @CsvSource({
        "kubernetes.operator.job.restart.failed,perhaps,true or false",
        "kubernetes.operator.jm-deployment.shutdown-ttl,soon,a duration such as 30 s or 5 min",
        "kubernetes.operator.resource.deletion.propagation,none,'one of FOREGROUND, BACKGROUND, ORPHAN'",
        "kubernetes.operator.cluster.health-check.checkpoint-progress.window,x,a duration such as 30 s or 5 min"
    })
    void a_value_that_its_key_does_not_take_is_refused(String key, String value, String allowed) {
        assertThat(violations(configured(key, value)))
                .singleElement()
                .satisfies(violation -> assertThat(violation.text())
                        .contains(key + ": found '" + value + "', must be " + allowed)
                        .endsWith("Correct the value or leave the key out"));
        assertThat(violations(configured("kubernetes.operator.savepoint.history.max.age", "later")))
                .as("of a key that does nothing yet")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"security.ssl.rest.enabled", "security.ssl.enabled"})
    void a_launch_under_TLS_that_the_operator_cannot_speak_is_refused(String key) {
        assertThat(violations(configured(key, "true"))).singleElement().satisfies(violation -> {
            assertThat(violation.effect()).isEqualTo(Effect.KEEP_DEPLOYED);
            assertThat(violation.text())
                    .startsWith("spec.flinkConfiguration." + key + ": Found true, must be false")
                    .contains("Set security.ssl.rest.enabled: false");
        });
        assertThat(violations(configured(key, "false"))).isEmpty();
        var suspended = configured(key, "true");
        ((ObjectNode) suspended.at("/spec/job")).put("state", "suspended");
        assertThat(violations(suspended)).as("to suspend it is no launch").isEmpty();
    }

    @Test
    @Tag("S037")
    void s037LabelsOfErrorsAreRegularExpressions() {
        var key = "kubernetes.operator.exception.label.mapper";
        assertThat(violations(configured(key, "'.*(OutOf|No)Memory.*':memory,timeout:slow")))
                .isEmpty();
        assertThat(violations(configured(key, "'(timeout':slow")))
                .singleElement()
                .satisfies(violation -> assertThat(violation.text())
                        .startsWith("spec.flinkConfiguration." + key + ": Found '(timeout', which is no regular"));
        assertThat(violations(configured(key + ".(timeout", "slow"))).hasSize(1);
        assertThat(violations(configured(key, "timeout")))
                .singleElement()
                .satisfies(violation -> assertThat(violation.text())
                        .isEqualTo(
                                "spec.flinkConfiguration." + key + ": " + key + ": found 'timeout', must be key:value"
                                        + " pairs with a comma between, and"
                                        + " single quotes around what has a"
                                        + " comma or colon in it. Correct the"
                                        + " value or leave the key out"));
    }

    private static JsonNode configured(String key, String value) {
        var deployment = (ObjectNode) deployment("");
        deployment.withObject("/spec/flinkConfiguration").put(key, value);
        return deployment;
    }

    @Nested
    class FlinkVersions {
        @ParameterizedTest
        @ValueSource(strings = {"null", "v1_13", "v1_14", "v3_99"})
        @Tag("S003")
        void s003UnsupportedOnesAreLeftAlone(String version) {
            var violation = violations(deployment("name=Bad, spec.flinkVersion=" + version))
                    .getFirst();
            assertThat(violation.effect()).isEqualTo(Effect.LEAVE_ALONE);
            assertThat(violation.reason()).isEqualTo("UnsupportedFlinkVersion");
            assertThat(violation.message())
                    .isEqualTo("Flink version " + version + " is not supported by this operator version");
        }

        @ParameterizedTest
        @ValueSource(strings = {"v1_15", "v1_20", "v2_0", "v2_3", "v2_4"})
        void supportedOnesPass(String version) {
            assertThat(violations(deployment("spec.flinkVersion=" + version))).isEmpty();
        }

        @Test
        @Tag("S130")
        void s130ChangeAfterSuspendWithLastState() {
            var dirs = ", config={state.checkpoints.dir: s3://c, state.savepoints.dir: s3://s}";
            var suspended = deployment("spec.job.state=suspended, spec.job.upgradeMode=last-state" + dirs);
            var resumed = "spec.flinkVersion=v2_4, spec.job.upgradeMode=";
            assertThat(fields(deployment(resumed + "savepoint" + dirs), suspended))
                    .containsExactly("spec.flinkVersion");
            assertThat(fields(deployment(resumed + "last-state" + dirs), suspended))
                    .containsExactly("spec.flinkVersion");
            assertThat(fields(deployment(resumed + "stateless"), suspended)).isEmpty();
        }
    }

    @Nested
    class Edits {
        @Test
        @Tag("S005")
        void s005NegativeParallelismKeepsTheDeployedSpec() {
            var violation = violations(deployment("spec.job.parallelism=-1"), deployment(""))
                    .getFirst();
            assertThat(violation.effect()).isEqualTo(Effect.KEEP_DEPLOYED);
            assertThat(violation.reason()).isEqualTo("ValidationError");
        }

        @Test
        @Tag("S157")
        void s157RedeployNonceNeedsAPath() {
            var path = "spec.job.initialSavepointPath";
            var before = deployment("");
            assertThat(fields(deployment("spec.job.savepointRedeployNonce=1"), before))
                    .containsExactly(path);
            assertThat(fields(deployment("spec.job.savepointRedeployNonce=1, " + path + "=s3://s/1"), before))
                    .isEmpty();
            assertThat(fields(deployment("spec.job.savepointRedeployNonce=1"))).isEmpty();
            assertThat(fields(
                            deployment("spec.job.savepointRedeployNonce=1"),
                            deployment("spec.job.savepointRedeployNonce=1")))
                    .isEmpty();
        }

        @Test
        @Tag("S405")
        void s405NoSwitchOnceDeployed() {
            var application = deployment("");
            var session = deployment("spec.job=null");
            var standalone = deployment("spec.mode=standalone");
            assertThat(fields(session, application)).containsExactly("spec.job");
            assertThat(fields(application, session)).containsExactly("spec.job");
            assertThat(fields(standalone, application)).containsExactly("spec.mode");
            assertThat(fields(application, standalone)).containsExactly("spec.mode");
            assertThat(fields(deployment("spec.mode=native"), application)).isEmpty();
            assertThat(fields(standalone)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upper", "1digit", "ends-", "a.b", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwx"})
    @Tag("S400")
    void s400BadNames(String name) {
        assertThat(fields(deployment("name=" + name))).containsExactly("metadata.name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a-1", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrs"})
    @Tag("S400")
    void s400GoodNames(String name) {
        assertThat(fields(deployment("name=" + name))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kubernetes.namespace", "kubernetes.cluster-id", "high-availability.cluster-id"})
    @Tag("S401")
    void s401ForbiddenKeys(String key) {
        assertThat(fields(deployment("config={" + key + ": x}"))).containsExactly("spec.flinkConfiguration." + key);
    }

    @Test
    void s401LogConfigurationKeys() {
        var deployment = deployment("");
        ((ObjectNode) deployment.get("spec"))
                .putObject("logConfiguration")
                .put("log4j-console.properties", "a")
                .put("logback-console.xml", "b")
                .put("log4j.properties", "c");
        assertThat(fields(deployment)).containsExactly("spec.logConfiguration.log4j.properties");
    }

    @Nested
    class StateDirectories {
        @Test
        @Tag("S402")
        void s402StatefulUpgradesNeedACheckpointDirectory() {
            var savepoints = "state.savepoints.dir: s3://s";
            assertThat(fields(deployment("spec.job.upgradeMode=last-state, config={" + savepoints + "}")))
                    .containsExactly("spec.job.upgradeMode");
            assertThat(fields(deployment("spec.job.upgradeMode=last-state, config={state.checkpoints.dir: s3://c}")))
                    .isEmpty();
            assertThat(fields(deployment(
                            "spec.job.upgradeMode=last-state, config={execution.checkpointing.dir: s3://c}")))
                    .isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "'spec.job.upgradeMode=savepoint, config={state.checkpoints.dir: s3://c}', spec.job.upgradeMode",
            "spec.job.savepointTriggerNonce=1, spec.job.savepointTriggerNonce",
            "config={kubernetes.operator.periodic.savepoint.interval: ''},"
                    + " spec.flinkConfiguration.kubernetes.operator.periodic.savepoint.interval",
            "config={kubernetes.operator.job.upgrade.last-state.max.allowed.checkpoint.age: 1 h},"
                    + " spec.flinkConfiguration.kubernetes.operator.job.upgrade.last-state.max.allowed.checkpoint.age",
        })
        @Tag("S402")
        void s402SavepointsNeedADirectory(String edit, String field) {
            assertThat(fields(deployment(edit))).containsExactly(field);
            assertThat(fields(deployment(edit), null, Map.of("state.savepoints.dir", "s3://s")))
                    .isEmpty();
        }
    }

    @Nested
    class Processes {
        @Test
        @Tag("S403")
        void s403JobManagers() {
            assertThat(fields(deployment("spec.jobManager.replicas=0"))).containsExactly("spec.jobManager.replicas");
            assertThat(fields(deployment("spec.jobManager.replicas=2"))).containsExactly("spec.jobManager.replicas");
            assertThat(fields(deployment("spec.jobManager.replicas=2, config={" + HA + "}")))
                    .isEmpty();
        }

        @Test
        @Tag("S404")
        void s404MemoryMayComeFromTheConfiguration() {
            var without = deployment("spec.jobManager=null, spec.taskManager=null");
            assertThat(fields(without)).containsExactly("spec.jobManager.resources", "spec.taskManager.resources");
            assertThat(fields(
                            without,
                            null,
                            Map.of("jobmanager.memory.heap.size", "512m", "taskmanager.memory.flink.size", "1g")))
                    .isEmpty();
            assertThat(fields(
                            without,
                            null,
                            Map.of("jobmanager.memory.process.size", "1g", "taskmanager.memory.task.heap.size", "1g")))
                    .containsExactly("spec.taskManager.resources");
        }

        @ParameterizedTest
        @CsvSource({
            "'{requests: {cpu: 0, memory: 1Gi}}', spec.taskManager.resources.requests.cpu",
            "'{limits: {memory: many}}', spec.taskManager.resources.limits.memory",
            "'{limits: {memory: 0}}', spec.taskManager.resources.limits.memory",
            "'{requests: {memory: 2Gi}, limits: {memory: 1Gi}}', spec.taskManager.resources.requests.memory",
            "'{requests: {cpu: 2, memory: 1Gi}, limits: {cpu: 500m}}', spec.taskManager.resources.requests.cpu",
            "'{requests: {memory: 1Gi, ephemeral-storage: -1}}', spec.taskManager.resources.requests.ephemeral-storage",
        })
        @Tag("S339")
        void quantities(String resources, String field) {
            assertThat(fields(deployment("spec.taskManager={resources: " + resources + "}")))
                    .containsExactly(field);
        }

        @Test
        void legacyResource() {
            assertThat(fields(deployment("spec.taskManager={resource: {memory: lots, ephemeralStorage: some}}")))
                    .containsExactly("spec.taskManager.resource.memory", "spec.taskManager.resource.ephemeralStorage");
            assertThat(fields(deployment("spec.taskManager={resource: {memory: 2048m, ephemeralStorage: 2Gi}}")))
                    .isEmpty();
        }

        @Test
        void taskManagersGiveTheParallelism() {
            var good = "spec.taskManager={replicas: 2, resource: {memory: 1g}}, spec.job.parallelism=0";
            assertThat(fields(deployment(good))).isEmpty();
            assertThat(fields(deployment(good.replace("2", "0")))).contains("spec.taskManager.replicas");
        }
    }

    @Nested
    class Options {
        @Test
        @Tag("S407")
        void s407HealthCheckNeedsRecovery() {
            var check = "kubernetes.operator.cluster.health-check.enabled";
            assertThat(fields(deployment("config={" + check + ": true}"))).isEmpty();
            assertThat(fields(deployment(
                            "config={" + check + ": true, kubernetes.operator.jm-deployment-recovery.enabled: false}")))
                    .containsExactly("spec.flinkConfiguration." + check);
        }

        @Test
        @Tag("S407")
        void s407ServiceAccount() {
            assertThat(fields(deployment("spec.serviceAccount=null"))).containsExactly("spec.serviceAccount");
        }

        @Test
        void theHealthCheckNeedsRecoveryUnderItsOldNameToo() {
            assertThat(fields(deployment("config={kubernetes.operator.cluster.health-check.enabled: true,"
                            + " kubernetes.operator.reconciler.jm-deployment-recovery.enabled: false}")))
                    .containsExactly("spec.flinkConfiguration.kubernetes.operator.cluster.health-check.enabled");
        }

        @Test
        @Tag("S213")
        void rollbackNeedsHighAvailability() {
            var rollback = "kubernetes.operator.deployment.rollback.enabled: true";
            assertThat(fields(deployment("config={" + rollback + "}")))
                    .containsExactly("spec.flinkConfiguration.kubernetes.operator.deployment.rollback.enabled");
            assertThat(fields(deployment("config={" + rollback + ", " + HA + "}")))
                    .isEmpty();
        }

        @Test
        void aValueThatCannotBeReadIsAViolationNotABug() {
            assertThat(fields(deployment("config={kubernetes.operator.deployment.rollback.enabled: maybe}")))
                    .containsExactly("spec.flinkConfiguration.kubernetes.operator.deployment.rollback.enabled");
        }

        @ParameterizedTest
        @CsvSource({
            "'{}', false",
            "'{template: \"{{name}}.{{Namespace}}.example.com\"}', true",
            "'{template: \"example.com/{{namespace}}/{{name}}(/|$)(.*)\"}', true",
            "'{template: \"https://example.com:8443/x\"}', true",
            "'{template: \"/{{namespace}}/{{name}}(/|$)(.*)\"}', true",
            "'{template: \"/\"}', true",
            "'{template: \"\"}', true",
            "'{template: \"?x\"}', true",
            "'{template: \"http:///path\"}', true",
            "'{template: \"{{ name }}.{{zone}}.example.com\"}', true",
            "'{template: \"[::1]:8443/x\"}', true",
            "'{template: \"example.com:port\"}', false",
            "'{template: \"nope://example.com\"}', false",
        })
        void ingressTemplate(String ingress, boolean good) {
            var fields = fields(deployment("spec.ingress=" + ingress));
            assertThat(fields).isEqualTo(good ? List.of() : List.of("spec.ingress.template"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'spec.job.jarURI=null', false",
        "'spec.job.jarURI=null, spec.job.entryClass=org.example.Main', false",
        "'spec.job.jarURI=null, config={pipeline.jars: local:///a.jar}', true",
        "'spec.job.jarURI=null, spec.job.entryClass=org.apache.flink.client.python.PythonDriver', true",
        "'spec.job.jarURI=null, spec.job.args=[-py; /opt/job.py]', true",
        "'spec.job.jarURI=null, spec.job.args=[-pym; job]', true",
        "'spec.job.jarURI=null, spec.mode=standalone', true",
    })
    void nativeApplicationsNeedAJar(String edit, boolean good) {
        assertThat(fields(deployment(edit))).isEqualTo(good ? List.of() : List.of("spec.job.jarURI"));
    }

    private List<String> fields(JsonNode deployment) {
        return fields(deployment, null, Map.of());
    }

    private List<String> fields(JsonNode deployment, JsonNode deployed) {
        return fields(deployment, deployed, Map.of());
    }

    private List<String> fields(JsonNode deployment, JsonNode deployed, Map<String, String> defaults) {
        return violations(deployment, deployed, defaults).stream()
                .map(Violation::field)
                .toList();
    }

    private List<Violation> violations(JsonNode deployment) {
        return violations(deployment, null, Map.of());
    }

    private List<Violation> violations(JsonNode deployment, JsonNode deployed) {
        return violations(deployment, deployed, Map.of());
    }

    private List<Violation> violations(JsonNode deployment, JsonNode deployed, Map<String, String> defaults) {
        FlinkDeployment resource = RESOURCES.deployment(deployment);
        var config = new FlinkConfig(defaults)
                .with(new FlinkConfig(resource.spec().flinkConfiguration().flatten()));
        var request =
                new AdmissionRequest(resource, Optional.ofNullable(deployed).map(RESOURCES::deployment), config);
        return rules.stream().flatMap(rule -> rule.check(request).stream()).toList();
    }

    /** The smallest good application with edits: {@code path=value} with a path from {@code spec}, a name, a config. */
    private static JsonNode deployment(String edits) {
        var raw = (ObjectNode) json("""
            {"apiVersion": "flink.apache.org/v1beta1", "kind": "FlinkDeployment",
             "metadata": {"namespace": "flink", "name": "basic"},
             "spec": {"image": "flink:2.3", "flinkVersion": "v2_3", "serviceAccount": "flink",
               "flinkConfiguration": {},
               "jobManager": {"resource": {"memory": "1g"}},
               "taskManager": {"resource": {"memory": "1g"}},
               "job": {"jarURI": "local:///job.jar", "parallelism": 1}}}\
            """);
        for (var edit : edits.isEmpty() ? new String[0] : edits.split(", (?=[a-zA-Z.]+=)")) {
            var path = edit.substring(0, edit.indexOf('='));
            var value = yaml(edit.substring(path.length() + 1));
            switch (path) {
                case "name" -> ((ObjectNode) raw.get("metadata")).set("name", value);
                case "config" -> ((ObjectNode) raw.get("spec")).set("flinkConfiguration", value);
                default -> {
                    var parent = "/" + path.substring(0, path.lastIndexOf('.')).replace('.', '/');
                    ((ObjectNode) raw.at(parent)).set(path.substring(path.lastIndexOf('.') + 1), value);
                }
            }
        }
        return raw;
    }

    private static JsonNode yaml(String text) {
        try {
            return YAML.readTree(text.replace("; ", ", "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<AdmissionRule> rules() {
        return new FeatureSets()
                .plugin(new ValidatorsPlugin(), Clock.systemUTC())
                .build()
                .admissionRules();
    }
}
