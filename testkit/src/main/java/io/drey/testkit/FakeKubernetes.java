package io.drey.testkit;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.host.PluginFailure;
import io.drey.core.kubernetes.KeptParts;
import io.drey.core.port.KubernetesApi;
import io.drey.core.port.KubernetesError;
import io.drey.core.port.ResourceCache;
import io.drey.spi.FactSource.Watch;
import io.drey.spi.ResourceKind;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * An API server and the informers in front of it, in memory, behind the engine's ports.
 *
 * <p>Knows uids, resource versions, generations, finalizers, deletion with owners, preconditions, requests that arrive after
 * their answer was given up. Its limits: no schema, no defaulting, one admission policy, merge patch only, foreground deletion
 * ends when {@link FakeCluster} lets the pods go; informers are up to date, or see what there was when their kind began to lag.
 * Not thread-safe.
 */
public final class FakeKubernetes implements KubernetesApi {
    private final Map<String, ResourceKind<?>> kinds;
    private final Faults faults;
    private final Map<ObjectKey, ObjectNode> objects = new LinkedHashMap<>();
    private final Map<ResourceRef, Map<String, CustomResource>> parsed = new HashMap<>();
    private final List<String> log = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final Informers informers = new Informers();
    private final List<Runnable> late = new ArrayList<>();
    private List<Watch> watches = List.of();
    private final Set<String> unreadable = new HashSet<>();
    private int versions = 1000;
    private int uids;
    private int liveReads;
    private final AtomicInteger tried = new AtomicInteger();
    private Admission admission = object -> Optional.empty();

    public FakeKubernetes(Map<String, ResourceKind<?>> kinds, Faults faults) {
        this.kinds = Map.copyOf(kinds);
        this.faults = faults;
    }

    // ---- the user's and the world's side

    /** What a user does with {@code kubectl apply}: creates, or replaces the spec. */
    public void userApplies(JsonNode resource) {
        var key = ObjectKey.of(resource);
        var stored = objects.get(key);
        if (stored == null) {
            ObjectNode fresh = resource.deepCopy();
            var meta = fresh.withObject("/metadata");
            meta.put("uid", "uid-" + ++uids);
            meta.put("generation", 1);
            meta.put("creationTimestamp", "2026-01-01T00:00:00Z");
            fresh.remove("status");
            store(key, fresh);
        } else if (!stored.path("spec").equals(resource.path("spec"))) {
            stored.set("spec", resource.path("spec").deepCopy());
            stored.withObject("/metadata").put("generation", generation(stored) + 1);
            bump(stored);
        }
    }

    /** What a user does with {@code kubectl delete}. */
    public void userDeletes(ObjectKey key) {
        remove(key);
    }

    /** Puts an object there, or in place of another, as Kubernetes' own controllers do. */
    public void put(ObjectNode object) {
        var key = ObjectKey.of(object);
        if (!object.path("metadata").has("uid")) {
            object.withObject("/metadata").put("uid", "uid-" + ++uids);
        }
        store(key, object);
    }

    /** Takes an object away at once, whatever holds it. */
    public void vanish(ObjectKey key) {
        objects.remove(key);
    }

    /** An object, to be looked at. */
    public Optional<JsonNode> peek(ObjectKey key) {
        return Optional.ofNullable(objects.get(key)).map(ObjectNode::deepCopy);
    }

    /** All objects of a kind, to be looked at. */
    public List<ObjectNode> peekAll(String kind) {
        return objects.entrySet().stream()
                .filter(entry -> entry.getKey().kind().equals(kind))
                .map(entry -> entry.getValue().deepCopy())
                .toList();
    }

    /** From now on the cache answers with what is there now. */
    public void freeze() {
        informers.freeze();
    }

    /** The cache is up to date again. */
    public void thaw() {
        informers.thaw();
    }

    /** All requests that are still under way arrive. */
    public void arrive() {
        var arriving = List.copyOf(late);
        late.clear();
        arriving.forEach(Runnable::run);
    }

    /** From now on objects of this kind cannot be read live, or can again. */
    public void unreadable(String kind, boolean now) {
        if (now) {
            unreadable.add(kind);
        } else {
            unreadable.remove(kind);
        }
    }

    private void reads(String kind, String what) {
        liveReads++;
        faults.reads(what);
        if (unreadable.contains(kind)) {
            throw new KubernetesError(500, kind + " cannot be read in the test");
        }
    }

    /** From now on objects are refused with the error that this returns for them; {@code object -> Optional.empty()} for none. */
    public void admits(Admission policy) {
        admission = policy;
    }

    /** Why an object is refused, if it is. */
    public interface Admission {
        /** The API server's error; empty when the object is taken. */
        Optional<KubernetesError> refusal(JsonNode object);
    }

    /** How many objects were tried without being created. */
    public int tried() {
        return tried.get();
    }

    /** What was changed, in order: {@code create Deployment ns/name}, {@code status FlinkDeployment ns/name}. */
    public List<String> log() {
        return List.copyOf(log);
    }

    /** All events that were written, in order. */
    public List<Event> events() {
        return List.copyOf(events);
    }

    /** How many objects were read live. */
    public int liveReads() {
        return liveReads;
    }

    // ---- the cache in front of it

    /** The informers' side. */
    public Informers cache() {
        return informers;
    }

    /** Informers of another process. */
    public Informers informers() {
        return new Informers();
    }

    /** What one process sees of the cluster. */
    public final class Informers implements ResourceCache {
        /** By kind, for those that lag. */
        private final Map<String, Map<ObjectKey, ObjectNode>> lagging = new HashMap<>();

        private Optional<Map<ObjectKey, ObjectNode>> frozen = Optional.empty();

        private Informers() {}

        /** From now on they see what is there now. */
        public void freeze() {
            frozen = Optional.of(copy(key -> true));
        }

        /** From now on they see what is there now of one kind, and the present of the others. */
        public void lags(String kind) {
            lagging.put(kind, copy(key -> key.kind().equals(kind)));
        }

        /** They are up to date. */
        public void thaw() {
            frozen = Optional.empty();
            lagging.clear();
        }

        private Map<ObjectKey, ObjectNode> copy(Predicate<ObjectKey> which) {
            Map<ObjectKey, ObjectNode> copy = new LinkedHashMap<>();
            objects.forEach((key, object) -> {
                if (which.test(key)) {
                    copy.put(key, object.deepCopy());
                }
            });
            return copy;
        }

        private Map<ObjectKey, ObjectNode> seen(String kind) {
            return frozen.orElseGet(() -> lagging.getOrDefault(kind, objects));
        }

        @Override
        public Optional<CustomResource> resource(ResourceRef ref, ResourceKind<?> kind) {
            return find(seen(ref.kind()), ref).map(object -> parse(ref, object));
        }

        @Override
        public Map<String, String> namespaceLabels(String namespace) {
            return Map.of();
        }

        @Override
        public List<ResourceRef> resources() {
            return kinds.keySet().stream()
                    .flatMap(kind -> seen(kind).keySet().stream()
                            .filter(key -> key.kind().equals(kind)))
                    .map(key -> new ResourceRef(key.kind(), key.namespace(), key.name()))
                    .toList();
        }

        @Override
        public Optional<JsonNode> object(ObjectKey key) {
            return Optional.ofNullable(seen(key.kind()).get(key))
                    .map(ObjectNode::deepCopy)
                    .map(FakeKubernetes.this::kept);
        }

        @Override
        public List<JsonNode> objects(String apiVersion, String kind, String namespace, Map<String, String> labels) {
            return select(seen(kind), kind, namespace, labels).stream()
                    .map(object -> kept((ObjectNode) object))
                    .toList();
        }
    }

    /** From now on the cache keeps only the parts of watched objects that these watches read, as that of the operator does. */
    public void watches(Collection<Watch> wanted) {
        watches = List.copyOf(wanted);
    }

    private JsonNode kept(ObjectNode object) {
        var ofKind = watches.stream()
                .filter(watch -> watch.kind().equals(object.path("kind").asText()))
                .toList();
        return ofKind.isEmpty() ? object : KeptParts.of(ofKind).of(object);
    }

    private static Optional<ObjectNode> find(Map<ObjectKey, ObjectNode> where, ResourceRef ref) {
        return where.entrySet().stream()
                .filter(entry -> entry.getKey().kind().equals(ref.kind())
                        && entry.getKey().namespace().equals(ref.namespace())
                        && entry.getKey().name().equals(ref.name()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private CustomResource parse(ResourceRef ref, ObjectNode object) {
        return parsed.computeIfAbsent(ref, r -> new HashMap<>())
                .computeIfAbsent(
                        object.path("metadata").path("uid").asText()
                                + "@"
                                + object.path("metadata")
                                        .path("resourceVersion")
                                        .asText(),
                        version ->
                                requireNonNull(kinds.get(ref.kind()), ref::kind).read(object.deepCopy()));
    }

    private static List<JsonNode> select(
            Map<ObjectKey, ObjectNode> where, String kind, String namespace, Map<String, String> labels) {
        List<JsonNode> found = new ArrayList<>();
        where.forEach((key, object) -> {
            if (key.kind().equals(kind) && key.namespace().equals(namespace) && carries(object, labels)) {
                found.add(object.deepCopy());
            }
        });
        return found;
    }

    private static boolean carries(JsonNode object, Map<String, String> labels) {
        var own = object.path("metadata").path("labels");
        return labels.entrySet().stream()
                .allMatch(label -> own.has(label.getKey())
                        && (label.getValue().isEmpty()
                                || own.path(label.getKey()).asText().equals(label.getValue())));
    }

    // ---- KubernetesApi

    @Override
    public Optional<JsonNode> get(ObjectKey key) {
        reads(key.kind(), "get " + key);
        return peek(key);
    }

    @Override
    public List<JsonNode> list(String apiVersion, String kind, String namespace, Map<String, String> labels) {
        reads(kind, "list " + kind + " " + namespace);
        return select(objects, kind, namespace, labels);
    }

    @Override
    public Optional<JsonNode> create(ObjectNode manifest) {
        var key = ObjectKey.of(manifest);
        return effect("create " + key, () -> {
            admission.refusal(manifest).ifPresent(error -> {
                throw error;
            });
            if (objects.containsKey(key)) {
                return Optional.empty();
            }
            ObjectNode fresh = manifest.deepCopy();
            var meta = fresh.withObject("/metadata");
            meta.put("uid", "uid-" + ++uids);
            meta.put("generation", 1);
            meta.put("creationTimestamp", "2026-01-01T00:00:00Z");
            store(key, fresh);
            return Optional.of(fresh.deepCopy());
        });
    }

    @Override
    public Optional<KubernetesError> refusal(ObjectNode manifest) {
        tried.incrementAndGet();
        return admission.refusal(manifest);
    }

    @Override
    public JsonNode apply(ObjectNode manifest) {
        var key = ObjectKey.of(manifest);
        return effect("apply " + key, () -> {
            var stored = objects.get(key);
            if (stored == null) {
                ObjectNode fresh = manifest.deepCopy();
                fresh.withObject("/metadata").put("uid", "uid-" + ++uids);
                store(key, fresh);
                return fresh.deepCopy();
            }
            merge(stored, manifest);
            bump(stored);
            return stored.deepCopy();
        });
    }

    @Override
    public JsonNode patch(ObjectKey key, String resourceVersion, JsonNode merge) {
        return effect("patch " + key, () -> {
            var stored = current(key, resourceVersion);
            merge(stored, merge);
            bump(stored);
            return stored.deepCopy();
        });
    }

    @Override
    public void delete(ObjectKey key, String uid, Step.Propagation propagation) {
        effect("delete " + key, () -> {
            var stored = objects.get(key);
            if (stored != null && stored.path("metadata").path("uid").asText().equals(uid)) {
                if (key.kind().equals("Deployment") && propagation == Step.Propagation.FOREGROUND) {
                    terminate(stored);
                } else {
                    remove(key);
                }
            }
            return Optional.empty();
        });
    }

    @Override
    public Optional<CustomResource> resource(ResourceRef ref) {
        reads(ref.kind(), "get " + ref);
        return find(objects, ref).map(object -> parse(ref, object));
    }

    @Override
    public CustomResource replaceStatus(CustomResource resource, ObjectNode status) {
        var ref = resource.ref();
        return effect("status " + ref, () -> {
            var stored = own(resource);
            stored.set("status", status.deepCopy());
            bump(stored);
            return parse(ref, stored);
        });
    }

    @Override
    public Optional<CustomResource> replaceFinalizers(CustomResource resource, List<String> finalizers) {
        var ref = resource.ref();
        return effect("finalizers " + ref, () -> {
            var stored = own(resource);
            ArrayNode names = stored.withObject("/metadata").putArray("finalizers");
            finalizers.forEach(names::add);
            bump(stored);
            if (finalizers.isEmpty() && stored.path("metadata").has("deletionTimestamp")) {
                var key = ObjectKey.of(stored);
                objects.remove(key);
                collect(stored);
                return Optional.empty();
            }
            return Optional.of(parse(ref, stored));
        });
    }

    @Override
    public boolean event(CustomResource about, Event event) {
        return effect("event " + event.reason(), () -> {
            boolean news = !event.once()
                    || events.stream()
                            .noneMatch(earlier -> earlier.reason().equals(event.reason())
                                    && earlier.key().equals(event.key()));
            if (news) {
                events.add(event);
            }
            return news;
        });
    }

    @Override
    public List<JsonNode> warnings(ObjectKey about) {
        liveReads++;
        return List.of();
    }

    // ---- inside

    private interface Effect<T> {
        T happen();
    }

    private <T> T effect(String what, Effect<T> effect) {
        faults.before(what);
        if (faults.late(what)) {
            late.add(() -> arrives(what, effect));
            throw new KubernetesError(0, "no answer in time, in the test");
        }
        var result = effect.happen();
        log.add(what);
        faults.after(what);
        return result;
    }

    private void arrives(String what, Effect<?> effect) {
        try {
            effect.happen();
            log.add(what + ", late");
        } catch (KubernetesError tooLate) {
            log.add(what + ", too late: " + tooLate.code());
        } catch (PluginFailure unread) {
            // The operator does not wait for this answer any more.
            log.add(what + ", late");
        }
    }

    private ObjectNode current(ObjectKey key, String resourceVersion) {
        var stored = objects.get(key);
        if (stored == null) {
            throw new KubernetesError(404, key + " not found");
        }
        if (!stored.path("metadata").path("resourceVersion").asText().equals(resourceVersion)) {
            throw new KubernetesError(409, key + " was changed");
        }
        return stored;
    }

    private ObjectNode own(CustomResource resource) {
        var stored = find(objects, resource.ref())
                .orElseThrow(() -> new KubernetesError(404, resource.ref() + " not found"));
        var meta = stored.path("metadata");
        if (!meta.path("uid").asText().equals(resource.metadata().uid())
                || !meta.path("resourceVersion")
                        .asText()
                        .equals(resource.metadata().resourceVersion())) {
            throw new KubernetesError(409, resource.ref() + " was changed");
        }
        return stored;
    }

    private void remove(ObjectKey key) {
        var stored = objects.get(key);
        if (stored == null) {
            return;
        }
        if (stored.path("metadata").path("finalizers").isEmpty()) {
            objects.remove(key);
            collect(stored);
        } else {
            terminate(stored);
        }
    }

    private void terminate(ObjectNode stored) {
        if (!stored.path("metadata").has("deletionTimestamp")) {
            stored.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
            bump(stored);
        }
    }

    /** What the garbage collector does: dependents go with their owner, pods only when their cluster lets them. */
    void collect(ObjectNode owner) {
        var uid = owner.path("metadata").path("uid").asText();
        var dependents = new TreeMap<String, ObjectKey>();
        objects.forEach((key, object) -> object.path("metadata")
                .path("ownerReferences")
                .forEach(reference -> {
                    if (reference.path("uid").asText().equals(uid)
                            && !key.kind().equals("Pod")) {
                        dependents.put(key.toString(), key);
                    }
                }));
        dependents.values().forEach(this::remove);
    }

    private void store(ObjectKey key, ObjectNode object) {
        objects.put(key, object);
        bump(object);
    }

    private void bump(ObjectNode object) {
        object.withObject("/metadata").put("resourceVersion", String.valueOf(++versions));
    }

    private static long generation(JsonNode object) {
        return object.path("metadata").path("generation").asLong();
    }

    private void merge(ObjectNode into, JsonNode patch) {
        patch.properties().forEach(entry -> {
            var value = entry.getValue();
            if (value.isNull()) {
                into.remove(entry.getKey());
            } else if (value.isObject() && into.path(entry.getKey()).isObject()) {
                merge((ObjectNode) into.get(entry.getKey()), value);
            } else {
                into.set(entry.getKey(), value.deepCopy());
            }
        });
    }
}
