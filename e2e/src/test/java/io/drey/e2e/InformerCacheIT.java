package io.drey.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.kubernetes.Fabric8Api;
import io.drey.core.kubernetes.InformerCache;
import io.drey.core.kubernetes.InformerCache.WhenRefused;
import io.drey.core.port.Schedule.Priority;
import io.drey.spi.FactSource.Watch;
import io.drey.spi.ResourceKind;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Step.Propagation;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.ResourceRef;
import io.drey.spi.resource.ResourceType;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class InformerCacheIT {
    @RegisterExtension
    static final ApiServer SERVER = new ApiServer();

    private static final Watch OBJECTS =
            new Watch("v1", "ConfigMap", Map.of("component", "jobmanager"), "app", "FlinkDeployment");

    private record Told(ResourceRef ref, Priority priority) {}

    private final List<Told> told = new CopyOnWriteArrayList<>();
    private final ReadOnlyKind kind = new ReadOnlyKind(FlinkDeployment.TYPE);
    private final Map<String, ResourceKind<?>> kinds = Map.of("FlinkDeployment", kind);
    private Fabric8Api api;
    private String namespace;

    @BeforeEach
    void connect() {
        api = new Fabric8Api(SERVER.client(), kinds::get, Clock.systemUTC());
        namespace = SERVER.namespace();
    }

    private InformerCache cache(KubernetesClient client, String selector) {
        return SERVER.closing(new InformerCache(
                client, List.of(namespace), selector, (ref, priority) -> told.add(new Told(ref, priority))));
    }

    private InformerCache started(KubernetesClient client, String selector) {
        var cache = cache(client, selector);
        cache.watch(List.of(kind), List.of(OBJECTS, OBJECTS));
        return cache;
    }

    private ResourceRef ref(String name) {
        return new ResourceRef("FlinkDeployment", namespace, name);
    }

    private ObjectKey key(String name) {
        return new ObjectKey("flink.apache.org/v1beta1", "FlinkDeployment", namespace, name);
    }

    private void deployment(String name, String labels) {
        api.create(ApiServer.documents("""
                        apiVersion: flink.apache.org/v1beta1
                        kind: FlinkDeployment
                        metadata: {namespace: %s, name: %s, labels: {%s}}
                        spec:
                          image: flink:2.3
                          flinkVersion: v2_3
                          serviceAccount: flink
                          jobManager: {resource: {memory: 1g, cpu: 1}}
                          taskManager: {resource: {memory: 1g, cpu: 0.5}}
                          podTemplate: {spec: {containers: [{name: flink-main-container, env: [{name: A, value: ""}]}]}}
                        """.formatted(namespace, name, labels)).getFirst());
    }

    private ObjectNode object(String name, String owner) {
        return ApiServer.documents("""
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {namespace: %s, name: %s, labels: {component: jobmanager, app: %s}}
                        data: {count: "1", empty: ""}
                        """.formatted(namespace, name, owner)).getFirst();
    }

    private void awaitTold(String name, Priority priority) {
        await().until(() -> told.contains(new Told(ref(name), priority)));
        told.clear();
    }

    @Test
    @DisplayName("what is there at the start, and what comes, changes and goes; each version is read once")
    void lifecycle() {
        deployment("early", "");
        var cache = started(SERVER.client(), "");
        assertThat(cache.resources()).containsExactly(ref("early"));
        assertThat(cache.problems()).isEmpty();
        awaitTold("early", Priority.EDIT);

        deployment("late", "");
        awaitTold("late", Priority.EDIT);
        assertThat(cache.resource(ref("early"), kind)).isPresent();
        assertThat(cache.resource(ref("early"), kind)).isPresent();
        var late = cache.resource(ref("late"), kind).orElseThrow();
        assertThat(kind.reads()).isEqualTo(2);

        api.patch(
                key("late"),
                late.metadata().resourceVersion(),
                JsonNodeFactory.instance
                        .objectNode()
                        .set("spec", JsonNodeFactory.instance.objectNode().put("image", "flink:2.2")));
        awaitTold("late", Priority.EDIT);
        assertThat(((FlinkDeployment) cache.resource(ref("late"), kind).orElseThrow())
                        .spec()
                        .image())
                .contains("flink:2.2");

        api.replaceFinalizers(cache.resource(ref("late"), kind).orElseThrow(), List.of("drey.io/test"));
        awaitTold("late", Priority.EDIT);
        api.delete(key("late"), late.metadata().uid(), Propagation.BACKGROUND);
        awaitTold("late", Priority.EDIT);
        assertThat(cache.resource(ref("late"), kind).orElseThrow().metadata().deleting())
                .isTrue();
        api.replaceFinalizers(cache.resource(ref("late"), kind).orElseThrow(), List.of());
        await().until(() -> cache.resource(ref("late"), kind).isEmpty());
        assertThat(cache.resources()).containsExactly(ref("early"));
    }

    @Test
    @DisplayName("the echo of a status that was written is one event, and no edit")
    void echo() {
        deployment("job", "");
        var cache = started(SERVER.client(), "");
        awaitTold("job", Priority.EDIT);
        var written = api.replaceStatus(
                cache.resource(ref("job"), kind).orElseThrow(),
                JsonNodeFactory.instance.objectNode().put("error", "x"));
        await().until(() -> cache.resource(ref("job"), kind)
                .orElseThrow()
                .metadata()
                .resourceVersion()
                .equals(written.metadata().resourceVersion()));
        await().during(Duration.ofMillis(300)).until(() -> told.equals(List.of(new Told(ref("job"), Priority.EVENT))));
    }

    @Test
    @DisplayName(
            "watched objects are found by key and by labels, whole but for managed fields, and concern their owner")
    void objects() {
        deployment("job", "");
        var cache = started(SERVER.client(), "");
        awaitTold("job", Priority.EDIT);

        var created = (ObjectNode) api.create(object("pod-1", "job")).orElseThrow();
        api.create(object("pod-2", "stranger"));
        awaitTold("job", Priority.EVENT);
        await().until(() ->
                cache.objects("v1", "ConfigMap", namespace, Map.of()).size() == 2);
        ((ObjectNode) created.path("metadata")).remove("managedFields");
        assertThat(cache.object(ObjectKey.of(created))).contains(created);
        assertThat(cache.objects("v1", "ConfigMap", namespace, Map.of("app", "job")))
                .containsExactly(created);
        assertThat(cache.objects("v1", "ConfigMap", namespace, Map.of("app", "job", "component", "other")))
                .isEmpty();
        assertThat(cache.objects("v1", "ConfigMap", "elsewhere", Map.of("app", "job")))
                .isEmpty();
        assertThat(cache.objects("v1", "Pod", namespace, Map.of())).isEmpty();
        assertThat(told).as("nobody manages the stranger").isEmpty();

        api.apply(object("pod-1", "stranger"));
        awaitTold("job", Priority.EVENT);
        assertThat(cache.objects("v1", "ConfigMap", namespace, Map.of("app", "job")))
                .isEmpty();
        assertThat(cache.objects("v1", "ConfigMap", namespace, Map.of("app", "stranger")))
                .hasSize(2);
        api.apply(object("pod-1", "job"));
        awaitTold("job", Priority.EVENT);
        api.delete(ObjectKey.of(created), created.path("metadata").path("uid").asText(), Propagation.BACKGROUND);
        awaitTold("job", Priority.EVENT);
        assertThat(cache.object(ObjectKey.of(created))).isEmpty();
    }

    @Test
    @DisplayName("a resource in the cache is what a live read says")
    void lossless() {
        deployment("job", "");
        var cache = started(SERVER.client(), "");
        assertThat(cache.resource(ref("job"), kind)).isEqualTo(api.resource(ref("job")));
    }

    @Test
    @DisplayName("only resources that the label selector names are there")
    void selector() {
        deployment("mine", "team: blue");
        deployment("other", "team: red");
        var cache = started(SERVER.client(), "team in (blue, green)");
        assertThat(cache.resources()).containsExactly(ref("mine"));
    }

    @Test
    @DisplayName("a connection that is cut, and an API server that is away for a while, cost nothing but time")
    void cut() {
        var proxy = SERVER.closing(new TcpProxy(URI.create(SERVER.config().getMasterUrl())));
        var cache = started(
                SERVER.client(new ConfigBuilder(SERVER.config())
                        .withMasterUrl(proxy.address().toString())
                        .build()),
                "");
        deployment("before", "");
        deployment("victim", "");
        api.create(object("pod-1", "before"));
        await().until(() -> cache.resources().size() == 2
                && cache.object(new ObjectKey("v1", "ConfigMap", namespace, "pod-1"))
                        .isPresent());

        proxy.cut();
        deployment("after", "");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> cache.resource(ref("after"), kind).isPresent());

        proxy.refuses(true);
        proxy.cut();
        deployment("meanwhile", "");
        api.delete(
                key("victim"),
                api.resource(ref("victim")).orElseThrow().metadata().uid(),
                Propagation.BACKGROUND);
        told.clear();
        int tries = proxy.accepted();
        await().atMost(Duration.ofSeconds(30)).until(() -> proxy.accepted() > tries + 2);
        assertThat(cache.resource(ref("before"), kind))
                .as("what is known stays")
                .isPresent();
        assertThat(cache.problems()).as("a short while is no problem").isEmpty();
        proxy.refuses(false);

        await().atMost(Duration.ofSeconds(60))
                .until(() -> cache.resource(ref("meanwhile"), kind).isPresent());
        await().atMost(Duration.ofSeconds(60))
                .until(() -> cache.resource(ref("victim"), kind).isEmpty());
        await().until(() -> told.contains(new Told(ref("meanwhile"), Priority.EDIT))
                && told.contains(new Told(ref("victim"), Priority.EDIT)));
        assertThat(told).extracting(Told::ref).doesNotContain(ref("before"), ref("after"));
    }

    @Test
    @DisplayName("who may not watch is told so at once, and what is missing")
    void noPermission() {
        var cache = cache(
                SERVER.client(new ConfigBuilder(SERVER.config())
                        .withImpersonateUsername("nobody")
                        .build()),
                "");
        assertThatThrownBy(() -> cache.watch(List.of(kind), List.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no permission to list and watch flinkdeployments")
                .hasMessageContaining(namespace);
    }

    @Test
    @DisplayName("the CRD of an optional kind that is not installed costs this kind only")
    void noCrdOfAnOptionalKind() {
        var missing = ReadOnlyKind.optional(new ResourceType(
                "flink.apache.org", "v1beta1", "FlinkNothing", "flinknothings", List.of(), Optional.empty()));
        deployment("there", "");
        var cache = cache(SERVER.client(), "");

        cache.watch(List.of(missing, kind), List.of(OBJECTS));

        assertThat(cache.resource(ref("there"), kind)).isPresent();
        assertThat(cache.problems()).isEmpty();
        assertThat(refused(cache)).containsExactly("ABSENT " + namespace);
    }

    @Test
    @DisplayName("CRDs that are not installed are told so at once")
    void noCrd() {
        var missing = new ReadOnlyKind(new ResourceType(
                "flink.apache.org", "v1beta1", "FlinkNothing", "flinknothings", List.of(), Optional.empty()));
        deployment("there", "");
        var cache = started(SERVER.client(), "");
        assertThatThrownBy(() -> cache.watch(List.of(kind, missing), List.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("flinknothings")
                .hasMessageContaining("CRDs");
        assertThat(cache.resource(ref("there"), kind))
                .as("what was watched before")
                .isPresent();
        assertThat(cache.problems()).isEmpty();
    }

    @Test
    @DisplayName(
            "labels of namespaces are known once they are asked for, and a change of them is told to the resources in it")
    void namespaceLabels() {
        deployment("job", "");
        var cache = started(SERVER.client(), "");
        assertThat(cache.namespaceLabels(namespace)).as("nobody asked").isEmpty();

        cache.watchNamespaceLabels();
        cache.watchNamespaceLabels();
        assertThat(cache.namespaceLabels(namespace)).containsEntry("kubernetes.io/metadata.name", namespace);
        told.clear();
        SERVER.client()
                .namespaces()
                .withName(namespace)
                .edit(there -> new NamespaceBuilder(there)
                        .editMetadata()
                        .addToLabels("team", "blue")
                        .endMetadata()
                        .build());

        awaitTold("job", Priority.EVENT);
        assertThat(cache.namespaceLabels(namespace)).containsEntry("team", "blue");
        assertThat(cache.problems()).isEmpty();
    }

    @Test
    @DisplayName("while plugins are exchanged, each generation sees the resources as its own kinds read them")
    void exchange() {
        deployment("job", "");
        var cache = started(SERVER.client(), "");
        var next = new ReadOnlyKind(FlinkDeployment.TYPE);
        var more = new Watch("v1", "Secret", Map.of(), "app", "FlinkDeployment");

        cache.watch(List.of(next), List.of(OBJECTS, more));
        assertThat(cache.resource(ref("job"), kind)).isPresent();
        assertThat(cache.resource(ref("job"), next)).isPresent();
        assertThat(next.reads()).isEqualTo(1);
        assertThat(cache.resources()).containsExactly(ref("job"));

        cache.retain(List.of(next), List.of(OBJECTS));
        assertThat(cache.resource(ref("job"), kind))
                .as("its generation is gone")
                .isEmpty();
        assertThat(cache.resource(ref("job"), next)).isPresent();
        assertThat(cache.problems()).isEmpty();
        deployment("late", "");
        await().until(() -> cache.resource(ref("late"), next).isPresent());
        assertThat(kind.reads()).as("the old kind reads no more").isEqualTo(1);
        api.create(object("pod-1", "job"));
        await().until(() -> cache.object(new ObjectKey("v1", "ConfigMap", namespace, "pod-1"))
                .isPresent());
    }

    @Test
    @DisplayName("an API server that is not there yet is waited for")
    void lateServer() {
        var proxy = SERVER.closing(new TcpProxy(URI.create(SERVER.config().getMasterUrl())));
        proxy.refuses(true);
        Thread.ofVirtual().start(() -> {
            await().until(() -> proxy.accepted() > 2);
            proxy.refuses(false);
        });
        deployment("job", "");
        var cache = started(
                SERVER.client(new ConfigBuilder(SERVER.config())
                        .withMasterUrl(proxy.address().toString())
                        .build()),
                "");
        assertThat(cache.resources()).containsExactly(ref("job"));
    }

    /** May list and watch what the tests need, in one namespace. */
    private void bind(String in, String user) {
        SERVER.client()
                .rbac()
                .roles()
                .inNamespace(in)
                .resource(new RoleBuilder()
                        .withNewMetadata()
                        .withName("watch")
                        .endMetadata()
                        .addNewRule()
                        .withApiGroups("", "flink.apache.org")
                        .withResources("configmaps", "flinkdeployments")
                        .withVerbs("get", "list", "watch")
                        .endRule()
                        .build())
                .serverSideApply();
        SERVER.client()
                .rbac()
                .roleBindings()
                .inNamespace(in)
                .resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName("watch")
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "Role", "watch")
                        .addNewSubject("rbac.authorization.k8s.io", "User", user, null)
                        .build())
                .serverSideApply();
    }

    private static void unbind(String in) {
        SERVER.client().rbac().roleBindings().inNamespace(in).withName("watch").delete();
    }

    private InformerCache cache(KubernetesClient client, List<String> namespaces) {
        return SERVER.closing(
                new InformerCache(client, namespaces, "", (ref, priority) -> told.add(new Told(ref, priority))));
    }

    private static List<String> refused(InformerCache cache) {
        return cache.unwatched().stream()
                .map(one -> one.state() + " " + one.namespace())
                .distinct()
                .toList();
    }

    @Test
    @DisplayName(
            "a namespace that loses its role binding, or is deleted, concerns only itself, and is watched again when it is back")
    void namespaceThatIsLost() {
        var lost = SERVER.namespace();
        var user = "tenant-of-" + lost;
        bind(namespace, user);
        bind(lost, user);
        var proxy = SERVER.closing(new TcpProxy(URI.create(SERVER.config().getMasterUrl())));
        var client = SERVER.client(new ConfigBuilder(SERVER.config())
                .withMasterUrl(proxy.address().toString())
                .withImpersonateUsername(user)
                .build());
        var cache = cache(client, List.of(namespace, lost));
        cache.watch(List.of(kind), List.of(OBJECTS));
        assertThat(refused(cache)).isEmpty();

        unbind(lost);
        proxy.cut();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(cache.watches())
                        .as("both watches in the namespace that is lost")
                        .containsEntry("FORBIDDEN", 2L)
                        .containsEntry("WATCHING", 2L));
        assertThat(refused(cache)).containsExactly("FORBIDDEN " + lost);
        assertThat(cache.problems()).as("no reason to restart the operator").isEmpty();
        deployment("job", "");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> cache.resource(ref("job"), kind).isPresent());

        var restarted = cache(client, List.of(namespace, lost));
        restarted.watch(List.of(kind), List.of(OBJECTS));
        assertThat(restarted.resource(ref("job"), kind)).isPresent();
        assertThat(refused(restarted)).containsExactly("FORBIDDEN " + lost);
        assertThat(restarted.problems()).isEmpty();

        bind(lost, user);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> refused(cache).isEmpty() && refused(restarted).isEmpty());
        api.create(ApiServer.documents("""
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {namespace: %s, name: back, labels: {component: jobmanager, app: x}}
                        """.formatted(lost)).getFirst());
        await().until(() ->
                restarted.object(new ObjectKey("v1", "ConfigMap", lost, "back")).isPresent());
    }

    @Test
    @DisplayName("when all namespaces are refused, the start fails, or the probe does until one is permitted")
    void allNamespacesAreLost() {
        var user = "nobody-in-" + namespace;
        var client = SERVER.client(
                new ConfigBuilder(SERVER.config()).withImpersonateUsername(user).build());
        var namespaces = List.of(namespace, SERVER.namespace());
        assertThatThrownBy(() -> cache(client, namespaces).watch(List.of(kind), List.of()))
                .hasMessageContaining("no permission to list and watch flinkdeployments");

        var patient = cache(client, namespaces);
        patient.watch(List.of(kind), List.of(), WhenRefused.RETRY);
        assertThat(patient.problems())
                .hasSize(2)
                .allSatisfy(
                        problem -> assertThat(problem).contains("no permission to list and watch flinkdeployments"));
        bind(namespace, user);
        await().atMost(Duration.ofSeconds(60)).until(() -> patient.problems().isEmpty());
    }

    @Test
    @DisplayName("a long list is read in pages")
    void pages() {
        List<String> lists = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 1100; i++) {
            api.create(object("pod-" + i, "job"));
        }
        var client = SERVER.closing(new KubernetesClientBuilder()
                .withConfig(SERVER.config())
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("lists", new Interceptor() {
                    @Override
                    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                        var uri = request.uri().toString();
                        if (uri.contains("/configmaps?") && !uri.contains("watch=true")) {
                            lists.add(uri);
                        }
                    }
                }))
                .build());
        var cache = started(client, "");

        assertThat(cache.objects("v1", "ConfigMap", namespace, Map.of("app", "job")))
                .hasSize(1100);
        assertThat(lists).hasSize(3).allMatch(uri -> uri.contains("limit=500"));
        assertThat(lists.subList(1, 3)).allMatch(uri -> uri.contains("continue="));
    }

    @Test
    @DisplayName("of watched objects the parts are kept that are read, by all who read them")
    void parts() {
        deployment("job", "");
        var cache = cache(SERVER.client(), "");
        cache.watch(List.of(kind), List.of(OBJECTS.reading("/data/count")));
        var created = api.create(object("pod-1", "job")).orElseThrow();
        await().until(() -> cache.object(ObjectKey.of(created)).isPresent());
        assertThat(cache.object(ObjectKey.of(created)).orElseThrow().path("data"))
                .hasToString("{\"count\":\"1\"}");

        cache.watch(List.of(kind), List.of(OBJECTS.reading("/data/empty")));
        assertThat(cache.object(ObjectKey.of(created)).orElseThrow().path("data"))
                .as("two generations read it")
                .hasSize(2);
        cache.retain(List.of(kind), List.of(OBJECTS.reading("/data/empty")));
        assertThat(cache.object(ObjectKey.of(created))
                        .orElseThrow()
                        .path("data")
                        .has("empty"))
                .isTrue();
        assertThat(cache.problems()).isEmpty();
    }
}
