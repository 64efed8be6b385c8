package io.drey.core.kubernetes;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.port.KubernetesApi;
import io.drey.core.port.KubernetesError;
import io.drey.spi.ResourceKind;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API server over fabric8's HTTP client, with bodies as JSON trees, so that no field is lost on the way. One request
 * for each call, with a time limit, and no retry.
 */
public final class Fabric8Api implements KubernetesApi {
    private static final Logger LOG = LoggerFactory.getLogger(Fabric8Api.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int MAX_WARNINGS = 20;
    private static final int MAX_MESSAGE = 1024;

    private final HttpClient http;
    private final URI master;
    private final Map<String, ResourceKind<?>> kinds;
    private final ApiPaths paths;
    private final Clock clock;
    private final ObjectMapper mapper = new ObjectMapper();

    /** @param kinds by {@code kind} */
    public Fabric8Api(KubernetesClient client, Map<String, ResourceKind<?>> kinds, Clock clock) {
        this.http = client.getHttpClient();
        this.master = URI.create(client.getConfiguration().getMasterUrl());
        this.kinds = Map.copyOf(kinds);
        this.paths = new ApiPaths(kinds.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().type())));
        this.clock = requireNonNull(clock);
    }

    @Override
    public Optional<JsonNode> get(ObjectKey key) {
        return found(() -> call("GET", paths.object(key), null, null));
    }

    @Override
    public List<JsonNode> list(String apiVersion, String kind, String namespace, Map<String, String> labels) {
        var path = paths.collection(apiVersion, kind, namespace) + "?" + ApiPaths.labelQuery(labels);
        List<JsonNode> items = new ArrayList<>();
        for (var item : call("GET", path, null, null).path("items")) {
            // Items of a list do not say what they are.
            ((ObjectNode) item).put("apiVersion", apiVersion).put("kind", kind);
            items.add(item);
        }
        return items;
    }

    @Override
    public Optional<JsonNode> create(ObjectNode manifest) {
        var key = ObjectKey.of(manifest);
        try {
            return Optional.of(call(
                    "POST",
                    paths.collection(key.apiVersion(), key.kind(), key.namespace()) + "?fieldManager=drey",
                    "application/json",
                    manifest));
        } catch (KubernetesError e) {
            if (e.conflict()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public JsonNode apply(ObjectNode manifest) {
        return call(
                "PATCH",
                paths.object(ObjectKey.of(manifest)) + "?fieldManager=drey&force=true",
                "application/apply-patch+yaml",
                manifest);
    }

    @Override
    public JsonNode patch(ObjectKey key, String resourceVersion, JsonNode merge) {
        ObjectNode body = merge.deepCopy();
        body.withObject("/metadata").put("resourceVersion", resourceVersion);
        return call("PATCH", paths.object(key) + "?fieldManager=drey", "application/merge-patch+json", body);
    }

    @Override
    public void delete(ObjectKey key, String uid, Step.Propagation propagation) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        options.put("apiVersion", "v1").put("kind", "DeleteOptions").put("propagationPolicy", propagation.wire());
        options.withObject("/preconditions").put("uid", uid);
        try {
            call("DELETE", paths.object(key), "application/json", options);
        } catch (KubernetesError e) {
            // Gone, or another one under the same name.
            if (e.code() != 404 && !e.conflict()) {
                throw e;
            }
        }
    }

    @Override
    public Optional<CustomResource> resource(ResourceRef ref) {
        var kind = kind(ref);
        return get(new ObjectKey(kind.type().apiVersion(), ref.kind(), ref.namespace(), ref.name()))
                .map(kind::read);
    }

    @Override
    public CustomResource replaceStatus(CustomResource resource, ObjectNode status) {
        var kind = kind(resource.ref());
        var key = key(resource, kind);
        // A merge patch would leave fields behind; the status alone is replaced, and only of the version that was read.
        var patch = mapper.createArrayNode();
        patch.addObject()
                .put("op", "test")
                .put("path", "/metadata/uid")
                .put("value", resource.metadata().uid());
        patch.addObject()
                .put("op", "test")
                .put("path", "/metadata/resourceVersion")
                .put("value", resource.metadata().resourceVersion());
        patch.addObject().put("op", "add").put("path", "/status").set("value", status);
        return kind.read(testedPatch(paths.object(key) + "/status?fieldManager=drey", patch, key));
    }

    @Override
    public Optional<CustomResource> replaceFinalizers(CustomResource resource, List<String> finalizers) {
        var kind = kind(resource.ref());
        var key = key(resource, kind);
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        var meta = body.withObject("/metadata");
        meta.put("uid", resource.metadata().uid());
        meta.put("resourceVersion", resource.metadata().resourceVersion());
        var names = meta.putArray("finalizers");
        finalizers.forEach(names::add);
        return found(() ->
                        call("PATCH", paths.object(key) + "?fieldManager=drey", "application/merge-patch+json", body))
                .map(kind::read);
    }

    /** A JSON patch whose tests fail is a conflict: the API server calls it 422. */
    private JsonNode testedPatch(String path, JsonNode patch, ObjectKey key) {
        try {
            return call("PATCH", path, "application/json-patch+json", patch);
        } catch (KubernetesError e) {
            if (e.code() == 422 && String.valueOf(e.getMessage()).contains("test")) {
                throw new KubernetesError(409, key + " was changed");
            }
            throw e;
        }
    }

    private static ObjectKey key(CustomResource resource, ResourceKind<?> kind) {
        return new ObjectKey(
                kind.type().apiVersion(),
                kind.type().kind(),
                resource.metadata().namespace(),
                resource.metadata().name());
    }

    @Override
    public void event(CustomResource about, Event event) {
        var kind = kind(about.ref());
        var manifest = EventManifest.of(about, kind.type(), event, clock.instant());
        var key = ObjectKey.of(manifest);
        try {
            if (create(manifest).isPresent() || event.once()) {
                return;
            }
            var existing = get(key);
            if (existing.isEmpty()) {
                create(manifest);
                return;
            }
            ObjectNode again = JsonNodeFactory.instance.objectNode();
            again.put("count", existing.get().path("count").asInt(1) + 1);
            again.put("message", manifest.path("message").asText());
            again.put("lastTimestamp", manifest.path("lastTimestamp").asText());
            call("PATCH", paths.object(key), "application/merge-patch+json", again);
        } catch (KubernetesError e) {
            if (e.code() != 403) {
                throw e;
            }
            LOG.info("an event may not be written here: {}", e.getMessage());
        }
    }

    @Override
    public List<JsonNode> warnings(ObjectKey about) {
        var selector = "involvedObject.kind=" + about.kind() + ",involvedObject.name=" + about.name() + ",type=Warning";
        var path = paths.collection("v1", "Event", about.namespace()) + "?limit=100&fieldSelector="
                + ApiPaths.encode(selector);
        List<JsonNode> events = new ArrayList<>();
        call("GET", path, null, null).path("items").forEach(events::add);
        events.sort(Comparator.comparing(
                        (JsonNode event) -> event.path("lastTimestamp").asText())
                .reversed());
        return events.subList(0, Math.min(events.size(), MAX_WARNINGS));
    }

    private ResourceKind<?> kind(ResourceRef ref) {
        return requireNonNull(kinds.get(ref.kind()), () -> "no plugin knows kind " + ref.kind());
    }

    private interface Request {
        JsonNode send();
    }

    private static Optional<JsonNode> found(Request request) {
        try {
            return Optional.of(request.send());
        } catch (KubernetesError e) {
            if (e.code() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private JsonNode call(String method, String path, @Nullable String contentType, @Nullable JsonNode body) {
        var request = http.newHttpRequestBuilder().uri(uri(path)).timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        if (body == null) {
            request.method(method, null, null);
        } else {
            request.method(method, requireNonNull(contentType), text(body));
        }
        request.setHeader("Accept", "application/json");
        return answer(http.sendAsync(request.build(), String.class), method + " " + path);
    }

    private URI uri(String path) {
        try {
            var base = master.toString();
            return new URI((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(path, e);
        }
    }

    private JsonNode answer(CompletableFuture<HttpResponse<String>> future, String what) {
        try {
            var response = future.get(LIMIT.toMillis() + 1000, TimeUnit.MILLISECONDS);
            var body = response.body();
            if (response.code() >= 200 && response.code() < 300) {
                return mapper.readTree(body == null ? "{}" : body);
            }
            throw new KubernetesError(response.code(), message(response.code(), body, what));
        } catch (JsonProcessingException e) {
            throw new KubernetesError(0, what + ": the answer is no JSON");
        } catch (ExecutionException e) {
            throw new KubernetesError(0, what + ": no answer: " + e.getCause());
        } catch (TimeoutException e) {
            future.cancel(true);
            throw new KubernetesError(0, what + ": no answer within " + LIMIT.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            future.cancel(true);
            throw new KubernetesError(0, what + ": interrupted");
        }
    }

    private String message(int code, @Nullable String body, String what) {
        try {
            var said = body == null ? "" : mapper.readTree(body).path("message").asText();
            var text = said.isBlank() ? what + " answered " + code : said;
            return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE);
        } catch (JsonProcessingException e) {
            return what + " answered " + code;
        }
    }

    private String text(JsonNode body) {
        try {
            return mapper.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a body that is no JSON", e);
        }
    }
}
