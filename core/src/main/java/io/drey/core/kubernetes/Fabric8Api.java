package io.drey.core.kubernetes;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.metrics.RequestCounts;
import io.drey.core.port.Kinds;
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
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private static final int MAX_ERROR = 1024;
    private static final String JSON = "application/json";
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final String MANAGER = "?fieldManager=drey";

    private final HttpClient http;
    private final String server;
    private final Kinds kinds;
    private final ApiPaths paths;
    private final Clock clock;
    private final RequestCounts requests = new RequestCounts();
    private final ObjectMapper mapper = new ObjectMapper();

    /** @param kinds that are known now */
    public Fabric8Api(KubernetesClient client, Kinds kinds, Clock clock) {
        this.http = client.getHttpClient();
        var url = client.getConfiguration().getMasterUrl();
        this.server = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.kinds = requireNonNull(kinds);
        this.paths = new ApiPaths(kind -> Optional.ofNullable(kinds.get(kind)).map(ResourceKind::type));
        this.clock = requireNonNull(clock);
    }

    /** The requests that are over. */
    public RequestCounts requests() {
        return requests;
    }

    @Override
    public Optional<JsonNode> get(ObjectKey key) {
        return found("GET", paths.object(key), null);
    }

    /** Empty when the object is not there. */
    private Optional<JsonNode> found(String method, String path, @Nullable JsonNode merge) {
        var answer = call(method, path, MERGE_PATCH, merge);
        if (answer.objectNotFound()) {
            return Optional.empty();
        }
        if (!answer.ok()) {
            throw answer.error(method + " " + path);
        }
        return Optional.of(answer.body());
    }

    @Override
    public List<JsonNode> list(String apiVersion, String kind, String namespace, Map<String, String> labels) {
        var path = paths.collection(apiVersion, kind, namespace) + "?" + ApiPaths.labelQuery(labels);
        var answer = call("GET", path, JSON, null);
        if (answer.code() == 404) {
            // The API server does not know the kind, so there is nothing of it: its CRD is not installed.
            return List.of();
        }
        if (!answer.ok()) {
            throw answer.error("GET " + path);
        }
        List<JsonNode> items = new ArrayList<>();
        for (var item : answer.body().path("items")) {
            // Items of a list do not say what they are.
            items.add(((ObjectNode) item).put("apiVersion", apiVersion).put("kind", kind));
        }
        return items;
    }

    @Override
    public Optional<JsonNode> create(ObjectNode manifest) {
        var key = ObjectKey.of(manifest);
        var path = paths.collection(key.apiVersion(), key.kind(), key.namespace()) + MANAGER;
        var answer = call("POST", path, JSON, manifest);
        if (answer.alreadyExists()) {
            return Optional.empty();
        }
        if (!answer.ok()) {
            throw answer.error("POST " + path);
        }
        return Optional.of(answer.body());
    }

    @Override
    public Optional<KubernetesError> refusal(ObjectNode manifest) {
        var key = ObjectKey.of(manifest);
        var path = paths.collection(key.apiVersion(), key.kind(), key.namespace()) + MANAGER + "&dryRun=All";
        try {
            var answer = call("POST", path, JSON, manifest);
            // The name is looked at last, after validation and admission.
            return answer.ok() || answer.alreadyExists() ? Optional.empty() : Optional.of(answer.error("POST " + path));
        } catch (KubernetesError e) {
            return Optional.of(e);
        }
    }

    @Override
    public JsonNode apply(ObjectNode manifest) {
        var path = paths.object(ObjectKey.of(manifest)) + MANAGER + "&force=true";
        return demand("PATCH", path, "application/apply-patch+yaml", manifest);
    }

    @Override
    public JsonNode patch(ObjectKey key, String resourceVersion, JsonNode merge) {
        ObjectNode body = merge.deepCopy();
        body.withObject("/metadata").put("resourceVersion", resourceVersion);
        return demand("PATCH", paths.object(key) + MANAGER, MERGE_PATCH, body);
    }

    @Override
    public void delete(ObjectKey key, String uid, Step.Propagation propagation) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        options.put("apiVersion", "v1").put("kind", "DeleteOptions").put("propagationPolicy", propagation.wire());
        options.withObject("/preconditions").put("uid", uid);
        var answer = call("DELETE", paths.object(key), JSON, options);
        // Gone, or another one under the same name.
        if (!answer.ok() && !answer.objectNotFound() && answer.code() != 409) {
            throw answer.error("DELETE " + key);
        }
    }

    @Override
    public Optional<CustomResource> resource(ResourceRef ref) {
        var kind = kind(ref);
        return get(key(ref, kind)).map(kind::read);
    }

    @Override
    public CustomResource replaceStatus(CustomResource resource, ObjectNode status) {
        var kind = kind(resource.ref());
        var key = key(resource.ref(), kind);
        // Of an object that is put to its status subresource only the status counts, and the version and uid.
        ObjectNode body = versioned(resource);
        body.put("apiVersion", key.apiVersion()).put("kind", key.kind());
        body.withObject("/metadata").put("namespace", key.namespace()).put("name", key.name());
        body.set("status", status);
        return kind.read(demand("PUT", paths.object(key) + "/status" + MANAGER, JSON, body));
    }

    @Override
    public Optional<CustomResource> replaceFinalizers(CustomResource resource, List<String> finalizers) {
        var kind = kind(resource.ref());
        ObjectNode body = versioned(resource);
        var names = body.withObject("/metadata").putArray("finalizers");
        finalizers.forEach(names::add);
        return found("PATCH", paths.object(key(resource.ref(), kind)) + MANAGER, body)
                .map(kind::read);
    }

    /** Refused with 409 for any but the object of this uid in this version. */
    private static ObjectNode versioned(CustomResource resource) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.withObject("/metadata")
                .put("uid", resource.metadata().uid())
                .put("resourceVersion", resource.metadata().resourceVersion());
        return body;
    }

    @Override
    public boolean event(CustomResource about, Event event) {
        var manifest = EventManifest.of(about, kind(about.ref()).type(), event, clock.instant());
        try {
            // Somebody may remove the first one just then: a second try makes it anew.
            if (create(manifest).isPresent()) {
                return true;
            }
            if (event.once()) {
                return false;
            }
            if (again(manifest) || create(manifest).isPresent()) {
                return true;
            }
            LOG.debug("{} comes and goes, and is not counted", ObjectKey.of(manifest));
        } catch (KubernetesError e) {
            if (e.code() != 403) {
                throw e;
            }
            LOG.info("an event may not be written here: {}", e.getMessage());
        }
        return !event.once();
    }

    /** Counts an event that is there. */
    private boolean again(ObjectNode manifest) {
        var key = ObjectKey.of(manifest);
        return get(key).flatMap(
                        there -> found("PATCH", paths.object(key) + MANAGER, EventManifest.again(there, manifest)))
                .isPresent();
    }

    @Override
    public List<JsonNode> warnings(ObjectKey about) {
        var selector = "involvedObject.kind=" + about.kind() + ",involvedObject.name=" + about.name() + ",type=Warning";
        var path = paths.collection("v1", "Event", about.namespace()) + "?limit=500&fieldSelector="
                + ApiPaths.encode(selector);
        List<JsonNode> events = new ArrayList<>();
        demand("GET", path, JSON, null).path("items").forEach(events::add);
        events.sort(Comparator.comparing(EventManifest::lastSeen).reversed());
        return events.subList(0, Math.min(events.size(), MAX_WARNINGS));
    }

    private static ObjectKey key(ResourceRef ref, ResourceKind<?> kind) {
        return new ObjectKey(kind.type().apiVersion(), ref.kind(), ref.namespace(), ref.name());
    }

    private ResourceKind<?> kind(ResourceRef ref) {
        return requireNonNull(kinds.get(ref.kind()), () -> "no plugin knows kind " + ref.kind());
    }

    /**
     * @param body as sent; text that is no JSON is a value of its own
     */
    private record Answer(int code, JsonNode body) {
        boolean ok() {
            return code >= 200 && code < 300;
        }

        /** The object itself is not there. A path that the API server does not know is answered in another way. */
        boolean objectNotFound() {
            return code == 404 && reason("NotFound") && body.path("details").hasNonNull("name");
        }

        /** Quotas answer a create with 409 too, for another reason. */
        boolean alreadyExists() {
            return code == 409 && reason("AlreadyExists");
        }

        private boolean reason(String reason) {
            return body.path("reason").asText().equals(reason);
        }

        KubernetesError error(String what) {
            var said = body.path("message").asText();
            var text = said.isBlank() ? what + " answered " + code : said;
            return new KubernetesError(code, text.length() <= MAX_ERROR ? text : text.substring(0, MAX_ERROR));
        }
    }

    private JsonNode demand(String method, String path, String contentType, @Nullable JsonNode body) {
        var answer = call(method, path, contentType, body);
        if (!answer.ok()) {
            throw answer.error(method + " " + path);
        }
        return answer.body();
    }

    private Answer call(String method, String path, String contentType, @Nullable JsonNode body) {
        var request = http.newHttpRequestBuilder()
                .uri(URI.create(server + path))
                .timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .setHeader("Accept", JSON)
                .method(method, body == null ? null : contentType, body == null ? null : body.toString())
                .build();
        var what = method + " " + path;
        long began = System.nanoTime();
        int code = 0;
        var sent = http.sendAsync(request, String.class);
        try {
            var response = sent.get(LIMIT.toMillis() + 1000, TimeUnit.MILLISECONDS);
            code = response.code();
            return new Answer(response.code(), json(response.body()));
        } catch (ExecutionException e) {
            throw new KubernetesError(0, what + ": no answer: " + e.getCause());
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw new KubernetesError(0, what + ": no answer within " + LIMIT.toSeconds() + " s");
        } catch (InterruptedException e) {
            sent.cancel(true);
            Thread.currentThread().interrupt();
            throw new KubernetesError(0, what + ": interrupted");
        } finally {
            requests.add(method, code, Duration.ofNanos(System.nanoTime() - began));
        }
    }

    private JsonNode json(@Nullable String text) {
        try {
            return mapper.readTree(text == null ? "" : text);
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.textNode(text);
        }
    }
}
