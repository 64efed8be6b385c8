package io.drey.plugin.nativek8s;

import static io.drey.spi.resource.FlinkVersion.V2_3;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.Decorator.PodTemplates;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.Facts;
import io.drey.spi.fact.HighAvailability;
import io.drey.spi.fact.ZooKeeperMetadata;
import io.drey.spi.fact.ZooKeeperMetadata.Owner;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.resource.FlinkConfigurationTree;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkVersion;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.Metadata;
import io.drey.spi.resource.ResourceMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.client.deployment.application.ApplicationConfiguration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RenderTest {
    private static final Map<String, String> MEMORY =
            Map.of("jobmanager.memory.process.size", "1600m", "taskmanager.memory.process.size", "1728m");

    private final Rendering rendering = new Rendering(new NativePlugin());

    @Test
    @Tag("S072")
    void eachLaunchHasAResultStoreOfItsOwn() {
        var config = Map.of("high-availability.type", "KUBERNETES", "high-availability.storageDir", "s3://b/ha");
        var first = config(config, operation("00000000000000000000000000000001"));
        var second = config(config, operation("00000000000000000000000000000002"));

        assertThat(first)
                .containsPattern("job-result-store.storage-path: s3://b/ha/job-result-store/basic/[0-9a-f-]{36}\n");
        assertThat(first).contains("job-result-store.delete-on-commit: false\n").isNotEqualTo(second);
        assertThat(config(config, operation("00000000000000000000000000000001")))
                .isEqualTo(first);
        var set = new TreeMap<>(config);
        set.put("job-result-store.delete-on-commit", "true");
        assertThat(config(set, operation("00000000000000000000000000000001")))
                .contains("job-result-store.delete-on-commit: true\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"high-availability.zookeeper.storageDir", "recovery.zookeeper.storageDir"})
    @Tag("S072")
    void eachLaunchHasAResultStoreOfItsOwnUnderTheOlderNamesOfItsDirectoryToo(String name) {
        assertThat(config(
                        Map.of("high-availability.type", "KUBERNETES", name, "s3://b/ha"),
                        operation("00000000000000000000000000000001")))
                .containsPattern("job-result-store.storage-path: s3://b/ha/job-result-store/basic/[0-9a-f-]{36}\n");
    }

    /** What 2.3 remembers of an application is kept under the same id in each launch. */
    @Test
    @Tag("S072")
    void eachLaunchHasAResultStoreOfItsOwnForTheApplicationToo() {
        var config = Map.of("high-availability.type", "KUBERNETES", "high-availability.storageDir", "s3://b/ha");

        assertThat(render(config, V2_3).get(1).at("/data/config.yaml").asText())
                .containsPattern(
                        "application-result-store:\n\\s+storage-path: s3://b/ha/application-result-store/basic/"
                                + "[0-9a-f-]{36}\n");
        assertThat(config(config, operation("00000000000000000000000000000001")))
                .as("before 2.3")
                .doesNotContain("application-result-store");
    }

    @Test
    @Tag("S074")
    void theDeploymentIsOwnedByTheResourceAndTheOthersAreLeftToTheCore() {
        var objects = render(Map.of(), FlinkVersion.V1_20);

        var owner = objects.getFirst().at("/metadata/ownerReferences/0");
        assertThat(owner.path("blockOwnerDeletion").asBoolean()).isTrue();
        assertThat(owner.path("controller").asBoolean(true)).isFalse();
        assertThat(owner.path("uid").asText()).isEqualTo("uid-1");
        assertThat(objects.subList(1, objects.size()))
                .isNotEmpty()
                .allSatisfy(object ->
                        assertThat(object.at("/metadata/ownerReferences")).isEmpty());
        assertThat(objects)
                .allSatisfy(object -> assertThat(object.at("/metadata/annotations/drey.io~1operation")
                                .asText())
                        .isEqualTo(Rendering.OPERATION));
    }

    @Test
    @Tag("S080")
    void theOperatorsKeysStayWithTheOperator() {
        var text = config(
                Map.of("kubernetes.operator.x", "1", "job.autoscaler.enabled", "true", "job.autoscalerx", "y"),
                Rendering.operation(Restore.NONE));

        assertThat(text).doesNotContain("kubernetes.operator.").doesNotContain("job.autoscaler.");
        assertThat(text).contains("job.autoscalerx: y\n");
    }

    @Test
    void podsLogAsTheOperatorsFolderSaysUnlessTheResourceDoes() {
        var own = new Rendering(new NativePlugin(), Map.of("log4j-console.properties", "rootLogger.level = ERROR"));
        var empty = JsonNodeFactory.instance.objectNode();
        var resource = resource(Map.of(), V2_3);
        var given = new FlinkDeployment(
                resource.metadata(),
                resource.spec().toBuilder()
                        .logConfiguration(Optional.of(Map.of("logback-console.xml", "<configuration/>")))
                        .build(),
                resource.status());

        var byDefault = logging(own.objects(
                resource,
                FlinkConfig.EMPTY,
                new PodTemplates(empty, empty),
                Rendering.operation(Restore.NONE),
                Facts.NONE));
        var ofResource = logging(own.objects(
                given,
                FlinkConfig.EMPTY,
                new PodTemplates(empty, empty),
                Rendering.operation(Restore.NONE),
                Facts.NONE));

        assertThat(byDefault.path("log4j-console.properties").asText()).isEqualTo("rootLogger.level = ERROR");
        assertThat(byDefault.path("logback-console.xml").asText()).contains("<configuration>");
        assertThat(ofResource.has("log4j-console.properties")).isFalse();
        assertThat(ofResource.path("logback-console.xml").asText()).isEqualTo("<configuration/>");
    }

    private static JsonNode logging(List<ObjectNode> objects) {
        return objects.get(1).path("data");
    }

    @Test
    void a_container_that_fails_leaves_the_end_of_its_log_unless_its_template_says_otherwise() {
        var policy = "/spec/containers/0/terminationMessagePolicy";
        var empty = JsonNodeFactory.instance.objectNode();
        var own = json("""
            {"spec": {"containers": [{"name": "flink-main-container", "terminationMessagePolicy": "File"}]}}
            """);
        var situation = TestSituation.of(resource(Map.of(), V2_3));
        var off = situation.with(FlinkConfig.EMPTY.with("kubernetes.operator.termination-messages.enabled", "false"));

        var pods = rendering.pods(new PodTemplates(empty, empty), situation);
        assertThat(pods.jobManager().at(policy).asText()).isEqualTo("FallbackToLogsOnError");
        assertThat(pods.taskManager().at(policy).asText()).isEqualTo("FallbackToLogsOnError");
        pods = rendering.pods(new PodTemplates(own, own), situation);
        assertThat(pods.jobManager().at(policy).asText()).isEqualTo("File");
        assertThat(pods.taskManager()).isEqualTo(own);
        assertThat(rendering.pods(new PodTemplates(empty, empty), off).taskManager())
                .isEqualTo(empty);
    }

    @Test
    @Tag("S079")
    void theStartupProbeIsAddedOnlyWhereThereIsNone() {
        var empty = JsonNodeFactory.instance.objectNode();
        var own = json("""
            {"spec": {"containers": [{"name": "flink-main-container", "startupProbe": {"periodSeconds": 9}}]}}
            """);
        var config = FlinkConfig.EMPTY.with("kubernetes.operator.termination-messages.enabled", "false");
        var situation = TestSituation.of(resource(Map.of(), V2_3)).with(config);
        var off = situation.with(config.with("kubernetes.operator.jm-deployment.startup.probe.enabled", "false"));

        assertThat(rendering
                        .pods(new PodTemplates(empty, empty), situation)
                        .jobManager()
                        .at("/spec/containers/0/startupProbe/httpGet/path")
                        .asText())
                .isEqualTo("/config");
        assertThat(rendering.pods(new PodTemplates(own, empty), situation).jobManager())
                .isEqualTo(own);
        assertThat(rendering.pods(new PodTemplates(empty, empty), off).jobManager())
                .isEqualTo(empty);
        assertThat(rendering.pods(new PodTemplates(empty, empty), situation).taskManager())
                .isEqualTo(empty);
    }

    @Test
    @Tag("S078")
    void lastStateRestoresFromNowhereElse() {
        var config = Map.of("high-availability.type", "KUBERNETES");
        var keeping = Rendering.operation(Restore.HIGH_AVAILABILITY);
        var checkpoint = json("""
            {"metadata": {"name": "basic-x-config-map"}, "data": {"checkpointID-0000000000000000001": "x"}}
            """);

        assertThat(config(config, keeping, List.of(checkpoint)))
                .contains("execution.state-recovery.path: KUBERNETES_OPERATOR_LAST_STATE\n");
        assertThat(config(config, keeping, List.of())).doesNotContain("execution.state-recovery.path");
    }

    @Test
    @Tag("S078")
    void aPromisedCheckpointIsRestoredFromNowhereElseAlsoWhenItsMetadataIsLostMeanwhile() {
        var config = Map.of("high-availability.type", "KUBERNETES");
        var promised = Rendering.operation(Restore.HIGH_AVAILABILITY).keep(Operation.CHECKPOINT_ID, "7");

        assertThat(config(config, promised, List.of()))
                .contains("execution.state-recovery.path: KUBERNETES_OPERATOR_LAST_STATE\n");
    }

    @Test
    void saysWhatIsWrongAndHowToMendIt() {
        assertThatThrownBy(() -> render(
                        Map.of("high-availability", "NONE", "high-availability.type", "NONE"), FlinkVersion.V2_0))
                .hasMessage("Overlapping key prefixes detected (high-availability -> high-availability.type):"
                        + " found both in the configuration, must be one of them from Flink 2.0 on."
                        + " Write high-availability.type in place of high-availability");
        assertThatThrownBy(() -> render(Map.of("kubernetes.rest-service.exposed.type", "Door"), FlinkVersion.V2_0))
                .hasMessageContaining("kubernetes.rest-service.exposed.type")
                .hasMessageContaining("ClusterIP")
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> render(Map.of("taskmanager.memory.process.size", "10m"), FlinkVersion.V2_0))
                .hasMessageStartingWith("taskmanager.memory.process.size: found 10m, must be at least ")
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> render(Map.of("kubernetes.pod-template-file.default", "/x"), FlinkVersion.V2_0))
                .hasMessageStartingWith("kubernetes.pod-template-file.default: found a file");
        assertThatThrownBy(() -> render(Map.of("kubernetes.jobmanager.replicas", "2"), FlinkVersion.V2_0))
                .hasMessageContaining("High availability should be enabled");
        assertThatThrownBy(() -> render(Map.of("security.kerberos.krb5-conf.path", "/x"), FlinkVersion.V2_0))
                .hasMessageContaining("kubernetes.decorator.kerberos-mount.enabled: false");
    }

    /** Each is found by its pod's address, and by the service in front of all of them: a standby asks the leader. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        KUBERNETES | v2_3
        KUBERNETES | v1_20
        zookeeper  | v2_3
        zookeeper  | v1_20
        """)
    void standbyJobManagersShareTheServiceAndNothingElse(String highAvailability, FlinkVersion version) {
        var objects = render(
                Map.of(
                        "high-availability.type", highAvailability,
                        "high-availability.storageDir", "s3://b/ha",
                        "high-availability.zookeeper.quorum", "zk:2181",
                        "kubernetes.jobmanager.replicas", "2"),
                version);

        assertThat(objects.getFirst().at("/spec/replicas").asInt()).isEqualTo(2);
        assertThat(objects)
                .filteredOn(object -> object.path("kind").asText().equals("Service"))
                .extracting(object -> object.at("/metadata/name").asText())
                .containsExactly("basic-rest");
        assertThat(objects.getLast().at("/spec/selector/component").asText()).isEqualTo("jobmanager");
        var main = objects.getFirst().at("/spec/template/spec/containers/0");
        assertThat(main.path("env").valueStream())
                .anySatisfy(env -> assertThat(
                                env.at("/valueFrom/fieldRef/fieldPath").asText())
                        .isEqualTo("status.podIP"));
    }

    @Test
    void namesThePlaceInAPodTemplateButNotTheValue() {
        var template = json("""
            {"spec": {"containers": [{"name": "flink-main-container", "ports": [{"containerPort": "secret"}]}]}}
            """);

        assertThatThrownBy(() -> rendering.objects(
                        resource(Map.of(), V2_3),
                        FlinkConfig.EMPTY,
                        new PodTemplates(template, JsonNodeFactory.instance.objectNode()),
                        Rendering.operation(Restore.NONE),
                        Facts.NONE))
                .hasMessage("pod template of the JobManager, main container: found a value of the wrong type at"
                        + " ports[0].containerPort, must be as in a core/v1 Pod. Mend it there");
        assertThatThrownBy(
                        Launched.of(V2_3, Map.of()).templates(JsonNodeFactory.instance.objectNode(), template)::objects)
                .as("the JobManager would run, and never get a TaskManager")
                .hasMessageStartingWith("pod template of the TaskManagers, main container: found a value of the wrong");
    }

    @Test
    void flinkReadsTheNestedFileAsItWasMeant(@TempDir Path conf) throws IOException {
        var args = List.of("--input", "a;b c", "it's", "[x]", "# no comment", "", "yes", "012", "two\nlines");
        var resource = resource(
                Map.of("env.java.opts.all", "-Da=\"b\" # c", "pipeline.classpaths", "file:///a;file:///b"), V2_3);
        var job = resource.spec().job().orElseThrow().toBuilder();
        var spec = resource.spec()
                .withJob(job.args(args).jarURI(Optional.of("local:///j;1.jar")).build());
        var empty = JsonNodeFactory.instance.objectNode();

        var text = rendering
                .objects(
                        resource.withSpec(spec),
                        FlinkConfig.EMPTY,
                        new PodTemplates(empty, empty),
                        Rendering.operation(Restore.NONE),
                        Facts.NONE)
                .get(1)
                .at("/data/config.yaml")
                .asText();
        Files.writeString(conf.resolve("config.yaml"), text);
        var read = GlobalConfiguration.loadConfiguration(conf.toString());

        assertThat(read.get(ApplicationConfiguration.APPLICATION_ARGS)).isEqualTo(args);
        assertThat(read.get(PipelineOptions.JARS)).isEqualTo(List.of("local:///j;1.jar"));
        assertThat(read.get(PipelineOptions.CLASSPATHS)).isEqualTo(List.of("file:///a", "file:///b"));
        assertThat(read.get(CoreOptions.FLINK_JVM_OPTIONS)).isEqualTo("-Da=\"b\" # c");
        assertThat(read.get(JobManagerOptions.TOTAL_PROCESS_MEMORY).getMebiBytes())
                .isEqualTo(1600);
        assertThat(read.get(CoreOptions.DEFAULT_PARALLELISM)).isEqualTo(2);
    }

    @Test
    void isFast() {
        var resource = resource(Map.of(), V2_3);
        var empty = JsonNodeFactory.instance.objectNode();
        var clock = ManagementFactory.getThreadMXBean();
        var millis = 0.0;
        for (int round = 0; round < 2; round++) {
            var begin = clock.getCurrentThreadCpuTime();
            for (int i = 0; i < 200; i++) {
                rendering.objects(
                        resource,
                        FlinkConfig.EMPTY,
                        new PodTemplates(empty, empty),
                        Rendering.operation(Restore.NONE),
                        Facts.NONE);
            }
            millis = (clock.getCurrentThreadCpuTime() - begin) / 200 / 1_000_000.0;
        }
        assertThat(millis).as("milliseconds of CPU for each rendering").isLessThan(15);
    }

    @Test
    void the_task_manager_that_is_tried_is_the_pod_that_flink_will_ask_for() {
        var resource = resource(MEMORY, V2_3);
        var empty = JsonNodeFactory.instance.objectNode();
        var template = json("""
                {"metadata": {"labels": {"team": "a"}}, "spec": {"containers": [
                  {"name": "flink-main-container", "volumeMounts": [{"name": "downloads", "mountPath": "/x"}]},
                  {"name": "sidecar", "image": "sidecar:1"}]}}""");

        var pods = rendering
                .deployer()
                .pods(rendering.launch(
                        resource,
                        FlinkConfig.EMPTY,
                        new PodTemplates(empty, template),
                        Rendering.operation(Restore.NONE),
                        Facts.NONE));

        assertThat(pods).hasSize(1);
        var pod = pods.getFirst();
        assertThat(pod.path("kind").asText()).isEqualTo("Pod");
        assertThat(pod.at("/metadata/namespace").asText())
                .isEqualTo(resource.metadata().namespace());
        assertThat(pod.at("/metadata/name").asText())
                .isEqualTo(resource.metadata().name() + "-taskmanager-1-1");
        assertThat(pod.at("/metadata/labels/team").asText()).isEqualTo("a");
        assertThat(pod.at("/spec/restartPolicy").asText()).isEqualTo("Never");
        var containers = pod.at("/spec/containers");
        assertThat(containers).hasSize(2);
        assertThat(containers.get(1).path("name").asText()).isEqualTo("flink-main-container");
        assertThat(containers.get(1).path("volumeMounts").findValuesAsText("name"))
                .contains("downloads");
        assertThat(containers.get(1).at("/resources/limits/memory").asText()).isEqualTo("1728Mi");
        assertThat(pod.at("/spec/volumes").findValuesAsText("name"))
                .as("a sidecar may mount what Flink mounts")
                .contains("flink-config-volume");
        assertThat(containers.get(1).path("volumeMounts").findValuesAsText("mountPath"))
                .contains("/opt/flink/conf");
    }

    private String config(Map<String, String> config, Operation operation) {
        return config(config, operation, List.of());
    }

    private String config(Map<String, String> config, Operation operation, List<? extends ObjectNode> maps) {
        var resource = resource(config, FlinkVersion.V1_20);
        var facts = TestSituation.of(resource)
                .with(HighAvailability.TYPE, new HighAvailability(List.copyOf(maps)))
                .facts();
        var empty = JsonNodeFactory.instance.objectNode();
        return rendering
                .objects(resource, FlinkConfig.EMPTY, new PodTemplates(empty, empty), operation, facts)
                .get(1)
                .at("/data/flink-conf.yaml")
                .asText();
    }

    private List<ObjectNode> render(Map<String, String> config, FlinkVersion version) {
        var empty = JsonNodeFactory.instance.objectNode();
        return rendering.objects(
                resource(config, version),
                FlinkConfig.EMPTY,
                new PodTemplates(empty, empty),
                Rendering.operation(Restore.NONE),
                TestSituation.of(resource(config, version))
                        .with(
                                ZooKeeperMetadata.LAUNCH,
                                new ZooKeeperMetadata(
                                        "zk:2181", "/flink/basic", new Owner.Self(""), Map.of(), List.of(), true))
                        .facts());
    }

    private static FlinkDeployment resource(Map<String, String> config, FlinkVersion version) {
        var all = new TreeMap<>(MEMORY);
        all.putAll(config);
        var raw = json("""
            {"metadata": {"namespace": "orders", "name": "basic", "uid": "uid-1", "generation": 3}}
            """);
        Metadata metadata = new ResourceMapper().metadata(raw);
        return new FlinkDeployment(
                metadata,
                FlinkDeploymentSpec.EMPTY.toBuilder()
                        .flinkVersion(Optional.of(version))
                        .flinkConfiguration(FlinkConfigurationTree.of(all))
                        .job(Optional.of(JobSpec.EMPTY.withParallelism(2)))
                        .build(),
                new ResourceMapper().deployment(raw).status());
    }

    private static Operation operation(String id) {
        var any = Rendering.operation(Restore.NONE);
        return any.toBuilder().id(id).build();
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
