package io.drey.e2e;

import static io.drey.e2e.Chart.each;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.config.OperatorConfig;
import io.drey.core.integrity.Integrity;
import io.drey.e2e.Chart.Rendered;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart as Helm renders it. */
class ChartIT {
    @TempDir
    private Path folder;

    private Chart chart;

    @BeforeEach
    void folder() {
        chart = new Chart(folder);
    }

    private Rendered render(String values, String... more) throws Exception {
        return chart.render(values, more);
    }

    private OperatorConfig config(Rendered rendered) throws IOException {
        return chart.config(rendered);
    }

    @Test
    void helmFindsNothingToComplainAbout() throws Exception {
        var linted = Chart.helm("lint", "--strict", "helm/drey");

        assertThat(linted.code()).as(linted.output()).isZero();
    }

    @Test
    void withoutValuesThereAreOnlyThePluginsOfTheImage() throws Exception {
        var rendered = render("");

        assertThat(each(rendered.operator().path("volumeMounts"), "mountPath"))
                .containsExactly("/opt/drey/conf", "/tmp");
        assertThat(rendered.pod().has("initContainers")).isFalse();
        assertThat(config(rendered).integrity().mode()).isEqualTo(Integrity.Mode.OFF);
    }

    @Test
    void pluginsComeFromAnyVolumeAndAreMountedReadOnly() throws Exception {
        for (var source : List.of(
                "persistentVolumeClaim: {claimName: p}", "configMap: {name: p}", "image: {reference: 'r/p:1'}")) {
            var rendered = render("plugins: {volume: {" + source + "}, volumes: {team-a: {" + source + "}}}");
            List<JsonNode> mounts = new ArrayList<>();
            rendered.operator().path("volumeMounts").forEach(mounts::add);

            assertThat(mounts.subList(2, 4))
                    .allMatch(mount -> mount.path("readOnly").asBoolean());
            assertThat(each(rendered.operator().path("volumeMounts"), "mountPath"))
                    .endsWith("/opt/drey/plugins.d", "/opt/drey/plugins.d-team-a");
            assertThat(each(rendered.pod().path("volumes"), "name")).endsWith("plugins", "plugins-team-a");
            assertThat(config(rendered).pluginDirectories()).containsExactly(Path.of("/opt/drey/plugins.d-team-a"));
        }
    }

    @Test
    void aContainerCanPutPluginsIntoTheFolderBeforeTheStart() throws Exception {
        var rendered = render("""
                plugins:
                  initContainers:
                    - {name: fetch, image: 'r/p:1', volumeMounts: [{name: tmp, mountPath: /tmp}]}
                """);
        var container = rendered.pod().at("/initContainers/0");

        assertThat(each(container.path("volumeMounts"), "mountPath")).containsExactlyInAnyOrder("/tmp", "/plugins");
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(rendered.pod().at("/volumes/2/emptyDir").isObject()).isTrue();
        assertThat(each(rendered.operator().path("volumeMounts"), "mountPath")).endsWith("/opt/drey/plugins.d");
    }

    @Test
    void settingsOfPluginsReachTheOperator() throws Exception {
        var key = Base64.getEncoder()
                .encodeToString(KeyPairGenerator.getInstance("Ed25519")
                        .generateKeyPair()
                        .getPublic()
                        .getEncoded());
        var values = """
                plugins:
                  required: [native, upgrades]
                  integrity:
                    mode: enforce
                    allowedSha256: ["%s", "%s"]
                    publicKeys:
                      - %s
                      - |
                        -----BEGIN PUBLIC KEY-----
                        %s
                        -----END PUBLIC KEY-----
                """.formatted("a".repeat(64), "0".repeat(64), key, key);

        var nested = config(render(values + "  config: {listeners: {webhooks: []}}\n"));
        assertThat(nested.requiredPlugins()).containsExactlyInAnyOrder("native", "upgrades");
        assertThat(nested.integrity().mode()).isEqualTo(Integrity.Mode.ENFORCE);
        assertThat(nested.integrity().lacks(Path.of("x.jar"), "0".repeat(64))).isEmpty();
        assertThat(nested.plugins().get("listeners").has("webhooks")).isTrue();

        var flat = config(render(values + "defaultConfiguration: {flink-conf.yaml: 'a.b: c'}\n"));
        assertThat(flat.integrity().mode()).isEqualTo(Integrity.Mode.ENFORCE);
        assertThat(flat.integrity().lacks(Path.of("x.jar"), "a".repeat(64))).isEmpty();
    }

    @Test
    void integrityThatIsOffWithoutQuotesIsOff() throws Exception {
        assertThat(config(render("plugins: {integrity: {mode: off}}"))
                        .integrity()
                        .mode())
                .isEqualTo(Integrity.Mode.OFF);
    }

    @Test
    void tenantsHaveTheirSettingsAndTheRightThatTheyNeed() throws Exception {
        var rendered = render("""
                watchNamespaces: [ops]
                plugins: {config: {listeners: {webhooks: []}}}
                tenants: {namespaceLabels: true, settings: {tenants: {blue: {namespaceLabels: {team: blue}}}}}
                """);

        assertThat(config(rendered).plugins()).containsOnlyKeys("listeners", "tenants");
        assertThat(config(rendered)
                        .plugins()
                        .get("tenants")
                        .at("/tenants/blue/namespaceLabels/team")
                        .asText())
                .isEqualTo("blue");
        assertThat(rendered.object("ClusterRole", "flink-operator-namespaces.ops.drey")
                        .at("/rules/0/resources/0")
                        .asText())
                .isEqualTo("namespaces");
        assertThat(render("").output()).doesNotContain("-namespaces");
    }

    private String podTemplate(String values) throws Exception {
        return render(values).object("Deployment", "drey").at("/spec/template").toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plugins: {config: {listeners: {webhooks: []}}}",
                "plugins: {required: [native]}",
                "plugins: {integrity: {mode: warn}}",
                "tenants: {settings: {tenants: {blue: {namespaces: [a]}}}}",
                "defaultConfiguration: {config.yaml: 'parallelism.default: 2'}",
                "defaultConfiguration: {config.yaml: 'drey.plugins: {swap: force}'}",
                "defaultConfiguration: {config.yaml: 'kubernetes.operator.observer.progress-check.interval: 3 s'}",
                "defaultConfiguration: {flink-conf.yaml: 'parallelism.default: 2'}",
                "defaultConfiguration: {log4j-console.properties: 'rootLogger.level = DEBUG'}"
            })
    void whatIsReadWhileTheOperatorRunsDoesNotRestartIt(String values) throws Exception {
        // The format of the file is a matter of the start, so each is compared with its own.
        var without = values.contains("flink-conf") ? "defaultConfiguration: {flink-conf.yaml: 'a: b'}" : "";

        assertThat(podTemplate(values)).isEqualTo(podTemplate(without));
        assertThat(render(values).object("ConfigMap", "flink-operator-config"))
                .isNotEqualTo(render(without).object("ConfigMap", "flink-operator-config"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "watchNamespaces: [a]",
                "operatorHealth: {port: 9000}",
                "defaultConfiguration: {config.yaml: 'kubernetes.operator.reconcile.parallelism: 2'}",
                "defaultConfiguration: {config.yaml: 'kubernetes.operator: {retry: {initial.interval: 1 s}}'}",
                "defaultConfiguration: {config.yaml: 'kubernetes: {operator: {label.selector: a=b}}'}",
                "defaultConfiguration: {config.yaml: 'drey.plugins.call-deadline: 1 s'}",
                "defaultConfiguration: {flink-conf.yaml: 'kubernetes.operator.leader-election.enabled: true'}",
                "defaultConfiguration: {log4j-operator.properties: 'rootLogger.level = DEBUG'}"
            })
    void whatIsReadAtTheStartRestartsTheOperator(String values) throws Exception {
        assertThat(podTemplate(values)).isNotEqualTo(podTemplate(""));
        assertThat(podTemplate(values)).isEqualTo(podTemplate(values));
    }

    @Test
    void chartAndOperatorAgreeOnWhatIsReadAtTheStart() throws Exception {
        var running = config(render(""));
        for (var setting : Map.of(
                        "kubernetes.operator.reconcile.interval", "1 s",
                        "kubernetes.operator.flink.client.timeout", "1 s",
                        "kubernetes.operator.termination.timeout", "1 s",
                        "kubernetes.operator.health.probe.enabled", "false",
                        "kubernetes.operator.exception.field.max.length", "200",
                        "kubernetes.operator.default-configuration.namespace.a.b", "c",
                        "drey.plugins.store", "/tmp/store",
                        "drey.plugins.swap", "force",
                        "state.savepoints.dir", "s3://a/b")
                .entrySet()) {
            var values = "defaultConfiguration: {config.yaml: '" + setting.getKey() + ": " + setting.getValue() + "'}";

            assertThat(!podTemplate(values).equals(podTemplate("")))
                    .as(setting.getKey())
                    .isEqualTo(!config(render(values)).waitForStart(running).isEmpty());
        }
    }

    @Test
    void withoutReloadingEveryChangeOfTheConfigurationRestartsTheOperator() throws Exception {
        var fixed = "defaultConfiguration: {config.yaml: 'kubernetes.operator.dynamic.config.enabled: false'}\n";

        assertThat(podTemplate(fixed + "plugins: {config: {listeners: {webhooks: []}}}"))
                .isNotEqualTo(podTemplate(fixed));
    }

    @Test
    void whatCannotBeMeantIsRefused() throws Exception {
        for (var wrong : Map.of(
                        "plugins: {integrity: {mode: sometimes}}", "/plugins/integrity/mode",
                        "plugins: {integrity: {allowedSha256: [abc]}}", "/plugins/integrity/allowedSha256/0",
                        "plugins: {integrity: {publicKeys: ['-----BEGIN PRIVATE KEY-----']}}", "publicKeys/0",
                        "plugins: {volumes: {Bad_Name: {emptyDir: {}}}}", "Bad_Name",
                        "plugins: {config: {x: {y: 1}}}\ndefaultConfiguration: {flink-conf.yaml: 'a: b'}",
                                "Use config.yaml",
                        "plugins: {config: {x: {y: 1}}}\ndefaultConfiguration: {config.yaml: 'plugins: {x: {}}'}",
                                "Put all of it into one of the two",
                        "plugins: {config: {tenants: {y: 1}}}\ntenants: {settings: {z: 1}}",
                                "tenants.settings is set, too",
                        "plugins: {volum: {}}", "volum")
                .entrySet()) {
            var rendered = render(wrong.getKey());

            assertThat(rendered.code()).as(wrong.getKey()).isNotZero();
            assertThat(rendered.output()).contains(wrong.getValue());
        }
    }

    @Test
    void theOperatorMayTellOfItselfWhereverItWatches() throws Exception {
        var elsewhere = render("{watchNamespaces: [a, b], fullnameOverride: other}");
        var rules = elsewhere.object("Role", "flink-operator-self.ops.drey");
        var deployment = elsewhere.object("Deployment", "other");

        assertThat(rules.at("/metadata/namespace").asText()).isEqualTo("ops");
        assertThat(rules.at("/rules/0/resourceNames/0").asText()).isEqualTo("other");
        assertThat(rules.at("/rules/1/verbs/0").asText()).isEqualTo("create");
        assertThat(elsewhere
                        .object("RoleBinding", "flink-operator-role-binding-self.ops.drey")
                        .at("/roleRef/name")
                        .asText())
                .isEqualTo("flink-operator-self.ops.drey");
        assertThat(deployment.at("/spec/template/spec/containers/0/env").toString())
                .contains("{\"name\":\"OPERATOR_NAME\",\"value\":\"other\"}");
        assertThat(render("watchNamespaces: [ops, b]").output()).doesNotContain("-self");
        assertThat(render("").output()).doesNotContain("-self");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "watchNamespaces: flink -> must be a list. Write watchNamespaces: [flink], or --set 'watchNamespaces={flink}'",
                "image: {repository: ghcr.io/apache/flink-kubernetes-operator} -> the image of the Apache operator, must be one of Drey",
                "operatorVolumeMounts: {create: true, data: [{name: x, mountPath: /x}]} -> Add it to operatorVolumes.data",
                "strategy: {rollingUpdate: {maxSurge: 1}} -> strategy.rollingUpdate: found with strategy.type Recreate",
                "imagePullSecrets: [registry] -> /imagePullSecrets/0",
                "metrics: {port: 8085} -> metrics.port: found 8085, must differ from operatorHealth.port",
                "replicas: 2 -> more than one operator needs leader election",
                "operatorHealth: {livenessProbe: {exec: {command: [x]}}} -> exec",
                "defaultConfiguration: {config.yaml: 'a: [b'} -> found a text that is no YAML map",
                "defaultConfiguration: {config.yaml: \"a: b\\n---\\nc: d\"} -> must be one document",
                "defaultConfiguration: {config.yaml: 'kubernetes.operator.health.probe.port: 9'} -> Set operatorHealth.port instead",
                "defaultConfiguration: {config.yaml: 'a: b', flink-conf.yaml: 'a: b'} -> Set the other one to null"
            })
    void a_value_that_cannot_work_is_refused_in_words(String refused) throws Exception {
        var words = refused.split(" -> ");
        var rendered = render(words[0]);

        assertThat(rendered.code()).as(rendered.output()).isEqualTo(1);
        assertThat(rendered.output()).contains(words[1]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.29.9", "1.30.0", "1.30.4-eks-a1b2c3"})
    void the_rules_of_the_crds_need_kubernetes_1_30(String version) throws Exception {
        var rendered = render("", "--kube-version", version);

        assertThat(rendered.code()).as(rendered.output()).isEqualTo(version.startsWith("1.29") ? 1 : 0);
    }

    @Test
    void entries_of_the_user_take_the_place_of_those_of_the_chart() throws Exception {
        var rendered = render("""
                operatorPod: {env: [{name: FLINK_CONF_DIR, value: /mine}, {name: JVM_ARGS, value: -Xmx1g}]}
                jvmArgs: {operator: -Xss1m}
                operatorVolumes: {create: true, data: [{name: tmp, emptyDir: {sizeLimit: 1Gi}}]}
                operatorVolumeMounts: {create: true, data: [{name: tmp, mountPath: /tmp, subPath: t}]}
                """);
        var env = rendered.operator().path("env");

        assertThat(env.toString())
                .contains("{\"name\":\"FLINK_CONF_DIR\",\"value\":\"/mine\"}")
                .doesNotContain("/opt/drey/conf")
                .endsWith("{\"name\":\"JDK_JAVA_OPTIONS\",\"value\":\"-Xss1m $(JVM_ARGS)\"}]");
        assertThat(each(rendered.pod().path("volumes"), "name"))
                .containsExactlyInAnyOrder("flink-operator-config-volume", "tmp");
        assertThat(rendered.pod().path("volumes").toString()).contains("1Gi");
        assertThat(rendered.operator().path("volumeMounts").toString()).contains("\"subPath\":\"t\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config.yaml: 'kubernetes: {operator: {leader-election: {enabled: true, lease-name: l}}}'",
                "config.yaml: '\"kubernetes.operator.leader-election.enabled\": \"true\"'",
                "flink-conf.yaml: 'kubernetes.operator.leader-election.enabled: true'",
                "create: false"
            })
    void leader_election_is_seen_however_it_is_written(String configuration) throws Exception {
        var rendered = render("{replicas: 2, defaultConfiguration: {" + configuration + "}}");

        assertThat(rendered.code()).as(rendered.output()).isZero();
    }

    @Test
    void leases_are_granted_whatever_the_configuration_is() throws Exception {
        assertThat(render("defaultConfiguration: {create: false}")
                        .object("Role", "flink-operator-leases.ops.drey")
                        .at("/rules/0/resources/0")
                        .asText())
                .isEqualTo("leases");
    }

    private Set<String> names(String release, String namespace, String values) throws Exception {
        Set<String> names = new TreeSet<>();
        for (var object : chart.renderAs(release, namespace, values).orFail().objects()) {
            names.add(object.path("kind").asText() + " "
                    + object.at("/metadata/namespace").asText() + "/"
                    + object.at("/metadata/name").asText());
        }
        return names;
    }

    @ParameterizedTest
    @CsvSource({
        "a, ops-a, b, ops-b",
        "drey, ops-a, drey, ops-b",
        "drey, ops, a, ops",
        "a, ops, a-drey, ops",
        "drey, ops, drey-namespaces, ops",
        "b-c, a, c, a-b"
    })
    void two_releases_share_no_name(String one, String oneSpace, String other, String otherSpace) throws Exception {
        for (var values : List.of(
                "tenants: {namespaceLabels: true}",
                "watchNamespaces: [team]",
                "watchNamespaces: [" + oneSpace + ", team]")) {
            var common = names(one, oneSpace, values);
            common.retainAll(names(other, otherSpace, values));

            // Jobs of both use these: the second release takes them as they are.
            common.removeIf(name -> name.matches("(ServiceAccount|Role) .*/flink|RoleBinding .*/flink-role-binding"));
            assertThat(common).isEmpty();
        }
        var selectors = Stream.of(chart.renderAs(one, oneSpace, ""), chart.renderAs(other, otherSpace, ""));
        assertThat(one.equals(other)
                        || selectors.map(ChartIT::selector).distinct().count() == 2)
                .as("kubectl logs deployment/NAME finds the pods of that release")
                .isTrue();
    }

    private static JsonNode selector(Rendered rendered) {
        try {
            return rendered.only("Deployment").at("/spec/selector");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void names_are_those_of_the_apache_chart_by_one_value() throws Exception {
        for (var release : List.of("flink-kubernetes-operator", "other")) {
            var values = "compatibility: {apacheNames: true}";
            var rendered = chart.renderAs(release, "ops", values);
            var deployment = rendered.object("Deployment", "flink-kubernetes-operator");
            var labels = "{\"app.kubernetes.io/name\":\"flink-kubernetes-operator\"}";

            assertThat(deployment.at("/spec/selector/matchLabels")).hasToString(labels);
            assertThat(deployment.at("/spec/template/metadata/labels")).hasToString(labels);
            assertThat(deployment.at("/metadata/labels").toString())
                    .contains("app.kubernetes.io/version", "app.kubernetes.io/managed-by", "helm.sh/chart");
            assertThat(rendered.operator().path("name").asText()).isEqualTo("flink-kubernetes-operator");
            assertThat(deployment.at("/spec/template/metadata/annotations").toString())
                    .contains("\"kubectl.kubernetes.io/default-container\":\"flink-kubernetes-operator\"");
            assertThat(rendered.operator().path("env").toString())
                    .contains("{\"name\":\"OPERATOR_NAME\",\"value\":\"flink-kubernetes-operator\"}");
            assertThat(names(release, "ops", values))
                    .contains(
                            "ServiceAccount ops/flink-operator",
                            "ConfigMap ops/flink-operator-config",
                            "ClusterRole /flink-operator",
                            "ClusterRoleBinding /flink-operator-role-binding",
                            "ServiceAccount ops/flink",
                            "Role ops/flink",
                            "RoleBinding ops/flink-role-binding");
        }
    }

    @Test
    void values_of_a_release_from_before_a_value_was_added_are_enough() throws Exception {
        assertThat(names("drey", "ops", "compatibility: null")).isEqualTo(names("drey", "ops", ""));
    }
}
