package io.drey.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.cli.KubernetesClients;
import io.drey.core.kubernetes.Fabric8Api;
import io.drey.core.port.KubernetesError;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Step.Propagation;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.ResourceRef;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class Fabric8ApiIT {
    @RegisterExtension
    static final ApiServer SERVER = new ApiServer();

    @TempDir
    private Path folder;

    private Fabric8Api api;
    private String namespace;

    @BeforeEach
    void connect() {
        api = api(SERVER.client());
        namespace = SERVER.namespace();
    }

    private static Fabric8Api api(KubernetesClient client) {
        return new Fabric8Api(client, ReadOnlyKind.deployments()::get, Clock.systemUTC());
    }

    private ObjectNode configMap(String name, String value) {
        return ApiServer.documents("""
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {namespace: %s, name: %s, labels: {app: job}}
                        data: {key: "%s"}
                        """.formatted(namespace, name, value)).getFirst();
    }

    private CustomResource deployment(String name) {
        api.create(ApiServer.documents("""
                        apiVersion: flink.apache.org/v1beta1
                        kind: FlinkDeployment
                        metadata: {namespace: %s, name: %s}
                        spec:
                          image: flink:2.3
                          flinkVersion: v2_3
                          serviceAccount: flink
                          jobManager: {resource: {memory: 1g, cpu: 1}}
                          taskManager: {resource: {memory: 1g, cpu: 1}}
                          job: {jarURI: "local:///opt/job.jar", parallelism: 1, upgradeMode: stateless}
                        """.formatted(namespace, name)).getFirst());
        return api.resource(new ResourceRef("FlinkDeployment", namespace, name)).orElseThrow();
    }

    private ObjectKey key(CustomResource resource) {
        return new ObjectKey(
                "flink.apache.org/v1beta1",
                "FlinkDeployment",
                namespace,
                resource.metadata().name());
    }

    private static ObjectNode status(String error) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("error", error).put("jobManagerDeploymentStatus", "READY");
        status.withObject("/clusterInfo").put("flink-version", "2.3.0");
        return status;
    }

    private static JsonNode meta(JsonNode object) {
        return object.path("metadata");
    }

    @Test
    @DisplayName("create, of something that exists already too; get; list by labels and by the presence of a label")
    void createGetList() {
        var created = api.create(configMap("one", "1")).orElseThrow();
        assertThat(meta(created).path("uid").asText()).isNotEmpty();
        assertThat(api.create(configMap("one", "2"))).isEmpty();
        api.create(configMap("two", "2"));

        var found = api.get(ObjectKey.of(created)).orElseThrow();
        assertThat(found.path("data").path("key").asText()).isEqualTo("1");
        for (var labels : List.of(Map.of("app", "job"), Map.of("app", ""))) {
            assertThat(api.list("v1", "ConfigMap", namespace, labels))
                    .extracting(ObjectKey::of)
                    .containsExactlyInAnyOrder(
                            ObjectKey.of(created), new ObjectKey("v1", "ConfigMap", namespace, "two"));
        }
        assertThat(api.list("v1", "ConfigMap", namespace, Map.of("app", "other")))
                .isEmpty();
    }

    @Test
    @DisplayName(
            "an object that is not there is absent; of a kind that the API server does not know there are no objects, and"
                    + " to ask for one is an error")
    void absence() {
        assertThat(api.get(new ObjectKey("apps/v1", "Deployment", namespace, "nothing")))
                .isEmpty();
        assertThatThrownBy(() -> api.get(new ObjectKey("nobody.io/v1", "Thing", namespace, "nothing")))
                .isInstanceOfSatisfying(
                        KubernetesError.class, error -> assertThat(error.code()).isEqualTo(404));
        assertThat(api.list("nobody.io/v1", "Thing", namespace, Map.of())).isEmpty();
        assertThat(api.resource(new ResourceRef("FlinkDeployment", namespace, "nothing")))
                .isEmpty();
    }

    private ObjectNode manager(String name, String volume) {
        return ApiServer.documents("""
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {namespace: %s, name: %s}
                        spec:
                          selector: {matchLabels: {app: job}}
                          template:
                            metadata: {labels: {app: job}}
                            spec:
                              containers:
                                - name: flink-main-container
                                  image: flink:2.3
                                  volumeMounts: [{name: %s, mountPath: /opt/flink/log}]
                              volumes: [{name: logs, emptyDir: {}}]
                        """.formatted(namespace, name, volume)).getFirst();
    }

    @Test
    @DisplayName("a dry run tells what a create would be refused for, by field, and creates nothing")
    void dryRun() {
        assertThat(api.refusal(manager("job", "logs"))).isEmpty();
        assertThat(api.refusal(manager("job", "flink-logs")))
                .hasValueSatisfying(error -> assertThat(error)
                        .hasMessageContaining("volumeMounts[0].name")
                        .hasMessageContaining("flink-logs"));
        assertThat(api.get(new ObjectKey("apps/v1", "Deployment", namespace, "job")))
                .isEmpty();
    }

    @Test
    @DisplayName("in a dry run a name that is taken is no refusal, and what is invalid is one all the same")
    void dryRunOfATakenName() {
        api.create(manager("job", "logs"));

        assertThat(api.refusal(manager("job", "logs"))).isEmpty();
        assertThat(api.refusal(manager("job", "flink-logs")))
                .hasValueSatisfying(error -> assertThat(error.code()).isEqualTo(422));
    }

    @Test
    @DisplayName("in a dry run an exceeded quota is said to be one")
    void dryRunBeyondQuota() {
        var quota = ApiServer.documents("""
                        apiVersion: v1
                        kind: ResourceQuota
                        metadata: {namespace: %s, name: small}
                        spec: {hard: {count/configmaps: "0"}}
                        """.formatted(namespace)).getFirst();
        var stored = (ObjectNode) api.create(quota).orElseThrow();
        // Here is no controller that counts.
        stored.withObject("/status/hard").put("count/configmaps", "0");
        stored.withObject("/status/used").put("count/configmaps", "0");
        SERVER.client().resource(stored.toString()).updateStatus();

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(api.refusal(configMap("one", "1")))
                        .hasValueSatisfying(error -> {
                            assertThat(error.code()).isEqualTo(403);
                            assertThat(error).hasMessageContaining("exceeded quota");
                        }));
    }

    @Test
    @DisplayName("a refusal of the API server has its own words, and may be lifted without an edit of the resource")
    void refused() {
        var bad = configMap("Not A Name", "1");
        assertThatThrownBy(() -> api.create(bad)).isInstanceOfSatisfying(KubernetesError.class, error -> {
            assertThat(error.code()).isEqualTo(422);
            assertThat(error.refused()).isTrue();
            assertThat(error.kind()).isEqualTo(ErrorKind.EXTERNAL);
            assertThat(error).hasMessageContaining("metadata.name");
        });
    }

    @Test
    @DisplayName("apply makes and changes an object as field manager drey, and takes fields over")
    void apply() {
        api.apply(configMap("one", "1"));
        api.patch(
                new ObjectKey("v1", "ConfigMap", namespace, "one"),
                meta(api.get(new ObjectKey("v1", "ConfigMap", namespace, "one")).orElseThrow())
                        .path("resourceVersion")
                        .asText(),
                JsonNodeFactory.instance
                        .objectNode()
                        .set("data", configMap("one", "other").path("data")));
        var applied = api.apply(configMap("one", "2"));

        assertThat(applied.path("data").path("key").asText()).isEqualTo("2");
        assertThat(meta(applied).path("managedFields")).anySatisfy(field -> {
            assertThat(field.path("manager").asText()).isEqualTo("drey");
            assertThat(field.path("operation").asText()).isEqualTo("Apply");
        });
    }

    @Test
    @DisplayName("a patch of a version that is no longer the object's is a conflict")
    void patchConflict() {
        var created = api.create(configMap("one", "1")).orElseThrow();
        var version = meta(created).path("resourceVersion").asText();
        var merge = JsonNodeFactory.instance
                .objectNode()
                .set("data", configMap("one", "2").path("data"));
        assertThat(api.patch(ObjectKey.of(created), version, merge)
                        .path("data")
                        .path("key")
                        .asText())
                .isEqualTo("2");

        var error = catchThrowableOfType(KubernetesError.class, () -> api.patch(ObjectKey.of(created), version, merge));
        assertThat(error.conflict()).isTrue();
        assertThat(error.kind()).isEqualTo(ErrorKind.TRANSIENT);
    }

    @Test
    @DisplayName(
            "delete takes the object of its uid only; a missing one, and another one of the same name, are success")
    @Tag("S184")
    void delete() {
        var first = api.create(configMap("one", "1")).orElseThrow();
        var key = ObjectKey.of(first);
        var uid = meta(first).path("uid").asText();
        api.delete(key, uid, Propagation.BACKGROUND);
        assertThat(api.get(key)).isEmpty();
        api.delete(key, uid, Propagation.BACKGROUND);

        api.create(configMap("one", "again"));
        api.delete(key, uid, Propagation.FOREGROUND);
        assertThat(api.get(key)).isPresent();
    }

    @Test
    @DisplayName("status is replaced as a whole, and nothing but the status")
    void status() {
        var created = deployment("job");
        var spec = api.get(key(created)).orElseThrow().path("spec");
        var first = api.replaceStatus(created, status("first"));
        assertThat(first.metadata().generation()).isEqualTo(created.metadata().generation());
        assertThat(first.metadata().resourceVersion())
                .isNotEqualTo(created.metadata().resourceVersion());

        var second =
                api.replaceStatus(first, JsonNodeFactory.instance.objectNode().put("error", "second"));
        var stored = api.get(key(created)).orElseThrow();
        assertThat(stored.path("spec")).isEqualTo(spec);
        assertThat(stored.path("status").has("clusterInfo")).isFalse();
        assertThat(stored.path("status").path("error").asText()).isEqualTo("second");
        assertThat(((FlinkDeployment) second).status().error()).contains("second");
    }

    @Test
    @DisplayName("status of a version that is no longer the resource's is a conflict, and so is that of another uid")
    @Tag("S022")
    @Tag("S024")
    void statusConflict() {
        var created = deployment("job");
        api.replaceStatus(created, status("first"));
        assertThat(catchThrowableOfType(KubernetesError.class, () -> api.replaceStatus(created, status("stale")))
                        .conflict())
                .isTrue();

        SERVER.client()
                .genericKubernetesResources("flink.apache.org/v1beta1", "FlinkDeployment")
                .inNamespace(namespace)
                .withName("job")
                .delete();
        var again = (FlinkDeployment) deployment("job");
        var meta = again.metadata();
        var impostor = new FlinkDeployment(
                new io.drey.spi.resource.Metadata(
                        meta.namespace(),
                        meta.name(),
                        created.metadata().uid(),
                        meta.generation(),
                        meta.resourceVersion(),
                        meta.labels(),
                        meta.annotations(),
                        meta.finalizers(),
                        meta.creationTimestamp(),
                        meta.deletionTimestamp(),
                        meta.ownerReferences()),
                again.spec(),
                again.status());
        assertThat(catchThrowableOfType(KubernetesError.class, () -> api.replaceStatus(impostor, status("other")))
                        .conflict())
                .isTrue();
        assertThat(api.get(key(again))
                        .orElseThrow()
                        .path("status")
                        .path("error")
                        .asText())
                .isEmpty();
    }

    @Test
    @DisplayName("finalizers are set and released under the same conditions; the last one lets a deleted resource go")
    void finalizers() {
        var created = deployment("job");
        var held = api.replaceFinalizers(created, List.of("flinkdeployments.flink.apache.org/finalizer"))
                .orElseThrow();
        assertThat(held.metadata().finalizers()).containsExactly("flinkdeployments.flink.apache.org/finalizer");
        assertThat(catchThrowableOfType(KubernetesError.class, () -> api.replaceFinalizers(created, List.of()))
                        .conflict())
                .isTrue();

        api.delete(key(created), created.metadata().uid(), Propagation.BACKGROUND);
        var deleting = api.resource(created.ref()).orElseThrow();
        assertThat(deleting.metadata().deleting()).isTrue();
        api.replaceFinalizers(deleting, List.of());
        assertThat(api.resource(created.ref())).isEmpty();
        assertThat(api.replaceFinalizers(deleting, List.of())).isEmpty();
    }

    @Test
    @DisplayName("an event that is repeated is counted, with its newest message; one of another reason is another one")
    @Tag("S028")
    void eventsFold() {
        var about = deployment("job");
        var times = List.of(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-01T00:01:00Z"));
        for (var time : times) {
            new Fabric8Api(SERVER.client(), ReadOnlyKind.deployments()::get, Clock.fixed(time, ZoneOffset.UTC))
                    .event(about, Event.warning("Job", "Missing", "Job Not Found"));
        }
        api.event(about, Event.normal("Job", "Scaling", "In-place scaling triggered"));

        var events = api.list("v1", "Event", namespace, Map.of());
        assertThat(events).hasSize(2);
        var folded = events.stream()
                .filter(event -> event.path("reason").asText().equals("Missing"))
                .findFirst()
                .orElseThrow();
        assertThat(folded.path("count").asInt()).isEqualTo(2);
        assertThat(folded.path("firstTimestamp").asText()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(folded.path("lastTimestamp").asText()).isEqualTo("2026-01-01T00:01:00Z");
        assertThat(folded.path("source").path("component").asText()).isEqualTo("Job");
        assertThat(folded.path("involvedObject").path("uid").asText())
                .isEqualTo(about.metadata().uid());
        int hash = ("Missing" + "Job Not Found" + "Warning" + "FlinkDeployment" + "job"
                        + about.metadata().uid())
                .hashCode();
        assertThat(meta(folded).path("name").asText()).isEqualTo("job." + (hash & 0x7fffffff));
        assertThat(api.warnings(key(about)))
                .extracting(event -> event.path("reason").asText())
                .containsExactly("Missing");
    }

    @Test
    @DisplayName("events with a key fold although their messages differ; one that is written once stays as it is")
    @Tag("S033")
    void eventKeys() {
        var about = deployment("job");
        var first = Event.normal("JobManagerDeployment", "SpecChanged", "first").onceFor("SpecChange: 2");
        api.event(about, first);
        api.event(
                about,
                Event.normal("JobManagerDeployment", "SpecChanged", "second").onceFor("SpecChange: 2"));

        var events = api.list("v1", "Event", namespace, Map.of());
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().path("count").asInt()).isEqualTo(1);
        assertThat(events.getFirst().path("message").asText()).isEqualTo("first");
    }

    @Test
    @DisplayName("a long message is stored; an event that may not be written is no failure, anything else is one")
    @Tag("S031")
    void eventsRefused() {
        var about = deployment("job");
        api.event(about, Event.warning("Job", "JobException", "x".repeat(20_000)));
        assertThat(api.list("v1", "Event", namespace, Map.of())
                        .getFirst()
                        .path("message")
                        .asText())
                .startsWith("xxx");

        var nobody = api(SERVER.client(new ConfigBuilder(SERVER.config())
                .withImpersonateUsername("nobody")
                .build()));
        nobody.event(about, Event.warning("Job", "Missing", "Job Not Found"));
        assertThatThrownBy(() -> nobody.get(key(about)))
                .isInstanceOfSatisfying(
                        KubernetesError.class, error -> assertThat(error.code()).isEqualTo(403));
        assertThat(api.list("v1", "Event", namespace, Map.of())).hasSize(1);
    }

    @Test
    @DisplayName(
            "an API server that does not answer is not waited for longer than the limit; one that cuts is told of at once")
    void silence() {
        var proxy = SERVER.closing(new TcpProxy(URI.create(SERVER.config().getMasterUrl())));
        var through = api(SERVER.client(new ConfigBuilder(SERVER.config())
                .withMasterUrl(proxy.address().toString())
                .build()));
        var key = new ObjectKey("v1", "ConfigMap", namespace, "one");
        assertThat(through.get(key)).isEmpty();

        proxy.swallows(true);
        var began = Instant.now();
        assertThatThrownBy(() -> through.get(key)).isInstanceOfSatisfying(KubernetesError.class, error -> {
            assertThat(error.code()).isZero();
            assertThat(error.kind()).isEqualTo(ErrorKind.EXTERNAL);
        });
        assertThat(Duration.between(began, Instant.now())).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(15));

        proxy.swallows(false);
        proxy.refuses(true);
        proxy.cut();
        var cut = Instant.now();
        assertThatThrownBy(() -> through.get(key))
                .isInstanceOfSatisfying(
                        KubernetesError.class, error -> assertThat(error.code()).isZero());
        assertThat(Duration.between(cut, Instant.now())).isLessThan(Duration.ofSeconds(5));
        proxy.refuses(false);
        assertThat(through.get(key)).isEmpty();
    }

    @Test
    @DisplayName("connections whose packets vanish cost a request each, and none after it")
    void silenceOfOldConnections() throws IOException {
        var proxy = SERVER.closing(new TcpProxy(URI.create(SERVER.config().getMasterUrl())));
        var kubeconfig = Files.writeString(
                folder.resolve("kubeconfig"),
                Files.readString(SERVER.kubeconfig()).replaceAll("server: .*", "server: " + proxy.address()));
        var through = api(SERVER.closing(KubernetesClients.ofOperator(Optional.of(kubeconfig))));
        var key = new ObjectKey("v1", "ConfigMap", namespace, "one");
        assertThat(through.get(key)).isEmpty();

        proxy.swallowsOpen();
        assertThatThrownBy(() -> through.get(key)).isInstanceOf(KubernetesError.class);
        assertThat(through.get(key)).isEmpty();
    }
}
