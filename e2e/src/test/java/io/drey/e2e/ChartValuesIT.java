package io.drey.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.drey.e2e.Chart.Rendered;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values files as users have them: combinations, the one of the Apache operator's chart, and the examples in values.yaml. */
class ChartValuesIT {
    private static final int COMBINATIONS = 60;
    private static final KubernetesSerialization MODEL = new KubernetesSerialization();

    @TempDir
    private Path folder;

    private Chart chart;

    @BeforeEach
    void folder() {
        chart = new Chart(folder);
    }

    static IntStream seeds() {
        return IntStream.range(0, COMBINATIONS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void plausible_values_make_manifests_that_fit_together(int seed) throws Exception {
        var values = PlausibleValues.of(seed);
        var text = Chart.YAML.writeValueAsString(values);
        var rendered = chart.renderAs(PlausibleValues.release(seed), PlausibleValues.namespace(seed), text)
                .orFail();

        var description = "seed " + seed + ":\n" + text + rendered.output();
        assertThat(withOtherTypes(rendered)).as(description).isEmpty();
        assertThat(danglingNames(rendered)).as(description).isEmpty();
        if (values.at("/defaultConfiguration/create").asBoolean(true)) {
            var config = chart.config(rendered);
            List<String> namespaces = new ArrayList<>();
            values.path("watchNamespaces").forEach(each -> namespaces.add(each.asText()));
            assertThat(config.namespaces()).as(description).isEqualTo(namespaces);
            var given = values.path("defaultConfiguration").toString();
            if (given.contains("numberOfTaskSlots")) {
                assertThat(config.flat().values()).as(description).containsEntry("taskmanager.numberOfTaskSlots", "2");
            }
            var probes = rendered.operator().toString().contains("httpGet");
            assertThat(config.healthPort().isPresent()).as(description).isEqualTo(!given.contains("enabled: false"));
            if (config.healthPort().isEmpty()) {
                assertThat(probes).as(description).isFalse();
            }
        }
    }

    /** Paths at which Kubernetes would take another type, or has no such field. */
    private static List<String> withOtherTypes(Rendered rendered) throws Exception {
        List<String> found = new ArrayList<>();
        for (var object : rendered.objects()) {
            var read = MODEL.asJson(MODEL.unmarshal(object.toString(), HasMetadata.class));
            compare(object.path("kind").asText(), object, Chart.YAML.readTree(read), found);
        }
        return found;
    }

    private static void compare(String path, JsonNode written, JsonNode read, List<String> found) {
        if (path.endsWith("/resources/requests") || path.endsWith("/resources/limits") || isEmpty(written)) {
            return;
        }
        if (written instanceof ObjectNode object && read.isObject()) {
            object.properties()
                    .forEach(field ->
                            compare(path + "/" + field.getKey(), field.getValue(), read.path(field.getKey()), found));
        } else if (written instanceof ArrayNode array && read.size() == array.size()) {
            for (int i = 0; i < array.size(); i++) {
                compare(path + "/" + i, array.get(i), read.get(i), found);
            }
        } else if (!written.equals(read)) {
            found.add(path + ": " + written + " is read as " + read);
        }
    }

    private static boolean isEmpty(JsonNode node) {
        return node.isNull() || (node.isContainerNode() && node.isEmpty());
    }

    /** Names that are there twice, and names of objects, volumes and accounts that nothing has. */
    private static Set<String> danglingNames(Rendered rendered) throws Exception {
        Set<String> problems = new TreeSet<>();
        Set<String> objects = new HashSet<>();
        for (var object : rendered.objects()) {
            var id = object.path("kind").asText() + " "
                    + object.at("/metadata/namespace").asText() + "/"
                    + object.at("/metadata/name").asText();
            if (!objects.add(id)) {
                problems.add("twice: " + id);
            }
        }
        var deployment = rendered.only("Deployment");
        var account = deployment.at("/spec/template/spec/serviceAccountName").asText();
        for (var object : rendered.objects()) {
            if (!object.path("kind").asText().endsWith("RoleBinding")
                    || object.at("/metadata/name").asText().equals("flink-role-binding")) {
                continue;
            }
            if (!object.at("/subjects/0/name").asText().equals(account)) {
                problems.add("bound to another account: "
                        + object.at("/metadata/name").asText());
            }
        }
        deployment.at("/spec/selector/matchLabels").properties().forEach(label -> {
            if (!deployment
                    .at("/spec/template/metadata/labels")
                    .path(label.getKey())
                    .equals(label.getValue())) {
                problems.add("selector: " + label);
            }
        });
        var volumes = Chart.each(rendered.pod().path("volumes"), "name");
        for (var container : rendered.pod().path("containers")) {
            twice(Chart.each(container.path("env"), "name"), problems);
            twice(Chart.each(container.path("volumeMounts"), "mountPath"), problems);
            Chart.each(container.path("volumeMounts"), "name").stream()
                    .filter(name -> !volumes.contains(name))
                    .forEach(name -> problems.add("no volume: " + name));
        }
        twice(volumes, problems);
        var containers = Chart.each(rendered.pod().path("containers"), "name");
        if (!containers.contains(deployment
                .at("/spec/template/metadata/annotations")
                .path("kubectl.kubernetes.io/default-container")
                .asText())) {
            problems.add("default container: none of " + containers);
        }
        return problems;
    }

    private static void twice(List<String> names, Set<String> problems) {
        Set<String> seen = new HashSet<>();
        names.stream().filter(name -> !seen.add(name)).forEach(name -> problems.add("twice: " + name));
    }

    private static Path apacheValues() {
        return ApiServer.project().resolve("e2e/src/test/resources/apache-values.yaml");
    }

    @Test
    void a_complete_values_file_of_the_apache_chart_works_but_for_its_image() throws Exception {
        var values = Files.readString(apacheValues());

        assertThat(chart.render(values).output())
                .contains("image.repository: found \"ghcr.io/apache/flink-kubernetes-operator\"")
                .contains("Set image.repository and image.tag");

        var rendered = chart.render(values, "--set", "image.repository=drey-operator,image.tag=v1")
                .orFail();
        assertThat(rendered.operator().path("image").asText()).isEqualTo("drey-operator:v1");
        assertThat(withOtherTypes(rendered)).isEmpty();
        assertThat(danglingNames(rendered)).isEmpty();
        assertThat(Chart.each(rendered.pod().path("volumes"), "name")).doesNotContain("flink-artifacts");
        assertThat(rendered.object("ClusterRole", "flink-operator").path("rules"))
                .isNotEmpty();
        var config = chart.config(rendered).flat().values();
        assertThat(config)
                .containsEntry("kubernetes.operator.metrics.reporter.slf4j.interval", "5 MINUTE")
                .containsEntry("kubernetes.operator.observer.progress-check.interval", "5 s")
                .containsEntry("kubernetes.operator.health.probe.port", "8085");
        var env = rendered.operator().path("env");
        assertThat(Chart.each(env, "name")).containsSubsequence("JVM_ARGS", "JDK_JAVA_OPTIONS");
        assertThat(env.get(env.size() - 1).path("value").asText()).isEqualTo("$(JVM_ARGS)");
    }

    @Test
    void volumes_of_the_apache_values_are_mounted_when_they_are_switched_on() throws Exception {
        var on = chart.render(
                        Files.readString(apacheValues()),
                        "--set",
                        "image.repository=drey-operator,operatorVolumes.create=true,operatorVolumeMounts.create=true")
                .orFail();

        assertThat(danglingNames(on)).isEmpty();
        assertThat(Chart.each(on.operator().path("volumeMounts"), "mountPath")).contains("/opt/flink/artifacts");
        assertThat(Chart.each(on.pod().path("volumes"), "name")).contains("flink-artifacts");
    }

    /** The notes, which only an install prints; a dry run of one needs no cluster. */
    private String notes(String values) throws Exception {
        return Chart.helm(
                        "install",
                        "drey",
                        "helm/drey",
                        "--dry-run=client",
                        "--namespace",
                        "ops",
                        "--values",
                        chart.file(values))
                .orFail()
                .output();
    }

    @Test
    void the_notes_list_what_is_set_without_effect() throws Exception {
        var notes = notes("""
                image: {repository: mirror.example.com/flink-kubernetes-operator}
                webhook: {create: true}
                webhookSecurityContext: {runAsUser: 1}
                operatorPod: {webhook: {resources: {limits: {cpu: 1}}}}
                jvmArgs: {webhook: -Xmx1g}
                tls: {create: true}
                logging: {framework: logback}
                metrics: {port: 9999}
                rbac: {nodesRule: {create: true}}
                defaultConfiguration: {logback-operator.xml: <configuration/>}
                operatorVolumes: {create: true, data: [{name: c, emptyDir: {}}]}
                operatorVolumeMounts: {create: true, data: [{name: c, mountPath: /opt/flink/conf/extra}]}
                """);

        assertThat(notes)
                .contains(
                        "mirror.example.com/flink-kubernetes-operator: that is the name of the Apache operator's image")
                .contains("/opt/flink/conf/extra is not read")
                .contains(
                        "- webhook.create:",
                        "- webhookSecurityContext:",
                        "- operatorPod.webhook:",
                        "- jvmArgs.webhook:",
                        "- tls:",
                        "- logging.framework:",
                        "- defaultConfiguration.logback-operator.xml:",
                        "- metrics.port:",
                        "- rbac.nodesRule:");
        assertThat(notes("")).doesNotContain("Set, but not there yet").contains("must not manage the same resources");
    }

    /** Examples in the comments of values.yaml, by the path of the value that follows. */
    private static Map<String, List<String>> examples() throws Exception {
        Map<String, List<String>> found = new LinkedHashMap<>();
        var comment = Pattern.compile("^ *# .*?([{\\[].*[}\\]]).*$");
        var key = Pattern.compile("^( *)([A-Za-z0-9.-]+):.*$");
        var path = new ArrayDeque<String>();
        List<String> pending = new ArrayList<>();
        for (var line : Files.readAllLines(ApiServer.project().resolve("helm/drey/values.yaml"))) {
            var example = comment.matcher(line);
            var setting = key.matcher(line);
            if (example.matches()) {
                pending.add(example.group(1));
            } else if (setting.matches()) {
                while (path.size() > setting.group(1).length() / 2) {
                    path.removeLast();
                }
                path.addLast(setting.group(2));
                if (!pending.isEmpty()) {
                    found.put(String.join("/", path), List.copyOf(pending));
                    pending.clear();
                }
            }
        }
        return found;
    }

    static Stream<List<String>> eachExample() throws Exception {
        return examples().entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(text -> List.of(entry.getKey(), text)));
    }

    @Test
    void the_examples_of_the_values_are_found() throws Exception {
        assertThat(examples())
                .containsOnlyKeys(
                        "plugins/volume",
                        "plugins/volumes",
                        "plugins/initContainers",
                        "plugins/config",
                        "tenants/settings")
                .hasEntrySatisfying(
                        "plugins/volume", volumes -> assertThat(volumes).hasSize(3));
    }

    @ParameterizedTest
    @MethodSource("eachExample")
    void an_example_of_the_values_works(List<String> example) throws Exception {
        var values = Chart.YAML.createObjectNode();
        var steps = example.getFirst().split("/");
        values.putObject(steps[0]).set(steps[1], Chart.YAML.readTree(example.getLast()));
        var rendered = chart.render(values.toString()).orFail();

        assertThat(withOtherTypes(rendered)).isEmpty();
        assertThat(danglingNames(rendered)).isEmpty();
        if (!chart.config(rendered).plugins().isEmpty()) {
            var loaded = load(rendered);
            assertThat(loaded.code()).as(loaded.output()).isZero();
        }
    }

    /** Code in the guides that is a values file: a map whose keys are all of the chart. */
    static Stream<String> valuesOfTheGuides() throws Exception {
        var schema = Chart.YAML.readTree(
                ApiServer.project().resolve("helm/drey/values.schema.json").toFile());
        List<String> found = new ArrayList<>();
        for (var name : List.of("configuration", "install", "listeners", "operate-plugins", "tenants")) {
            var guide = Files.readString(ApiServer.project().resolve("docs/guide/" + name + ".md"));
            Stream.concat(
                            blocks(guide, "(?ms)^```yaml\\n(.*?)^```"),
                            blocks(guide, "(?m)(?<=\\n\\n)((?: {4}.*\\n|\\n)+)"))
                    .filter(code -> isOf(schema, code))
                    .forEach(found::add);
        }
        return found.stream();
    }

    private static Stream<String> blocks(String guide, String pattern) {
        return Pattern.compile(pattern).matcher(guide).results().map(code -> code.group(1));
    }

    private static boolean isOf(JsonNode schema, String code) {
        try {
            var values = new YAMLMapper().readTree(code);
            return values.isObject()
                    && !values.isEmpty()
                    && isOf(schema, values)
                    && isOf(schema.at("/properties/plugins"), values.path("plugins"));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isOf(JsonNode schema, JsonNode values) {
        return values.properties().stream()
                .allMatch(value -> schema.path("properties").has(value.getKey()));
    }

    @Test
    void values_of_the_guides_are_found() throws Exception {
        assertThat(valuesOfTheGuides())
                .hasSize(4)
                .anyMatch(values -> values.contains("leader-election.lease-name"))
                .anyMatch(values -> values.contains("secretName: drey-webhook"))
                .anyMatch(values -> values.contains("mode: enforce"))
                .anyMatch(values -> values.contains("default-configuration.flink-version"));
    }

    @ParameterizedTest
    @MethodSource("valuesOfTheGuides")
    void values_of_the_guides_work(String values) throws Exception {
        var rendered = chart.render(values.stripIndent()).orFail();

        assertThat(withOtherTypes(rendered)).isEmpty();
        assertThat(danglingNames(rendered)).isEmpty();
    }

    @Test
    void settings_that_a_plugin_does_not_know_would_be_noticed() throws Exception {
        var loaded = load(chart.render("plugins: {config: {listeners: {endpoints: []}}}"));

        assertThat(loaded.code()).isEqualTo(1);
        assertThat(loaded.output()).contains("plugins.listeners.endpoints");
    }

    /** Loads the plugins of the distribution, with the settings that they would have in the pod. */
    private Commands.Result load(Rendered rendered) throws Exception {
        var plugins = Distribution.drey().getParent().resolveSibling("plugins");
        try (var jars = Files.list(plugins)) {
            var any = jars.filter(jar -> jar.getFileName().toString().contains("listeners"))
                    .findFirst()
                    .orElseThrow();
            return Commands.execute(
                    folder,
                    Duration.ofSeconds(60),
                    null,
                    List.of(
                            Distribution.drey().toString(),
                            "plugins",
                            "check",
                            any.toString(),
                            "--config",
                            chart.configuration(rendered).toString()));
        }
    }
}
