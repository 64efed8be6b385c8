package io.drey.core.kubernetes;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.port.ResourceCache;
import io.drey.core.port.Schedule;
import io.drey.core.port.Schedule.Priority;
import io.drey.spi.FactSource.Watch;
import io.drey.spi.ResourceKind;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import io.drey.spi.resource.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Shared informers over the resources and over what fact sources watch, in all namespaces or in some. Holds of
 * each object the parts that watches read, as compact text, and each resource as read by its kind. Reconnects by itself.
 *
 * <p>While plugins are exchanged, two kinds of one name are watched: each pass sees the resources as the kind of its own
 * generation reads them.
 */
public final class InformerCache implements ResourceCache, AutoCloseable {
    /** Without an answer of the API server. A list may take longer, as long as it goes on. */
    private static final Duration NO_PROGRESS = Duration.ofSeconds(60);

    /** What becomes of a watch that is refused in all namespaces. One that is refused in some is retried in any case. */
    public enum WhenRefused {
        /** An exception. */
        FAIL,
        /** It is retried, and shown as a problem. */
        RETRY
    }

    private final KubernetesClient client;
    private final List<String> namespaces;
    private final String labelSelector;
    private final Schedule schedule;
    private final ApiPaths paths = new ApiPaths(this::type);
    private final ObjectMapper mapper = new ObjectMapper();
    private final List<Kind> kinds = new CopyOnWriteArrayList<>();
    private final List<Objects> objects = new CopyOnWriteArrayList<>();
    private final NamespaceLabels namespaceLabels;

    /** A kind, its resources, and the informers that bring them. */
    private record Kind(ResourceKind<?> kind, ResourceType type, CachedResources resources, List<Informer> informers) {}

    /** Watched objects, and the informers that bring them. */
    private record Objects(WatchedObjects watched, List<Informer> informers) {}

    /**
     * @param namespaces to watch; empty for all
     * @param labelSelector that resources must match; empty for all
     */
    public InformerCache(KubernetesClient client, List<String> namespaces, String labelSelector, Schedule schedule) {
        this.client = requireNonNull(client);
        this.namespaces = namespaces.isEmpty() ? List.of("") : List.copyOf(namespaces);
        this.labelSelector = requireNonNull(labelSelector);
        this.schedule = requireNonNull(schedule);
        this.namespaceLabels = new NamespaceLabels(client, this::relabelled);
    }

    /** As {@link #watch(Collection, Collection, WhenRefused)}, with {@link WhenRefused#FAIL}. */
    public void watch(Collection<ResourceKind<?>> wanted, Collection<Watch> watches) {
        watch(wanted, watches, WhenRefused.FAIL);
    }

    /**
     * Watches these too, all at once, and returns when all of them have listed, or were refused. When that fails, what was
     * watched before is watched as before.
     *
     * @param wanted kinds; the same object is watched once
     * @param watches of the fact sources; equal ones are watched once
     * @throws IllegalStateException with what to do about it, when something may be watched nowhere, or does not exist, and
     *     is no kind that is {@linkplain ResourceKind#optional optional}
     */
    public synchronized void watch(
            Collection<ResourceKind<?>> wanted, Collection<Watch> watches, WhenRefused whenRefused) {
        var newKinds = wanted.stream()
                .filter(kind -> view(kind).isEmpty())
                .map(kind -> new Kind(kind, kind.type(), new CachedResources(), new ArrayList<>()))
                .toList();
        var newObjects = WatchedObjects.of(withThoseBefore(watches)).stream()
                .filter(watched ->
                        objects.stream().noneMatch(there -> there.watched().covers(watched)))
                .map(watched -> new Objects(watched, new ArrayList<>()))
                .toList();
        kinds.addAll(newKinds);
        // The newest first: while plugins are swapped, it has the parts that both generations read.
        objects.addAll(0, newObjects);
        List<List<Informer>> started = new ArrayList<>();
        try {
            newObjects.forEach(one -> started.add(start(one)));
            newKinds.forEach(one -> started.add(start(one)));
            Informer.await(started.stream().flatMap(List::stream).toList(), NO_PROGRESS);
            if (whenRefused == WhenRefused.FAIL) {
                newObjects.forEach(one -> refuseIfNowhere(one.informers()));
                newKinds.stream()
                        .filter(one -> !one.kind().optional())
                        .forEach(one -> refuseIfNowhere(one.informers()));
            }
            newKinds.forEach(one -> one.resources().warm(one.kind()));
        } catch (RuntimeException e) {
            started.forEach(informers -> informers.forEach(Informer::close));
            kinds.removeAll(newKinds);
            objects.removeAll(newObjects);
            throw e;
        }
    }

    private List<Watch> withThoseBefore(Collection<Watch> watches) {
        var kindsOfObjects = watches.stream()
                .map(watch -> List.of(watch.apiVersion(), watch.kind()))
                .collect(Collectors.toSet());
        return Stream.concat(
                        objects.stream()
                                .flatMap(object -> object.watched().watches().stream())
                                .filter(watch -> kindsOfObjects.contains(List.of(watch.apiVersion(), watch.kind()))),
                        watches.stream())
                .distinct()
                .toList();
    }

    private List<Informer> start(Objects object) {
        var selection = object.watched().selection();
        for (var namespace : namespaces) {
            object.informers()
                    .add(informer(selection.apiVersion(), selection.kind(), namespace)
                            .start(ApiPaths.selector(selection.labels()), new ObjectHandler(object.watched())));
        }
        return object.informers();
    }

    private List<Informer> start(Kind kind) {
        for (var namespace : namespaces) {
            kind.informers()
                    .add(informer(kind.type().apiVersion(), kind.type().kind(), namespace)
                            .start(labelSelector, new ResourceHandler(kind)));
        }
        return kind.informers();
    }

    private static void refuseIfNowhere(List<Informer> informers) {
        if (informers.stream().allMatch(informer -> informer.state().refused())) {
            throw new IllegalStateException(informers.getFirst().problem().orElse("nothing is watched"));
        }
    }

    /** Ends the watch of everything that is not among these. */
    public synchronized void retain(Collection<ResourceKind<?>> wanted, Collection<Watch> watches) {
        for (var kind : kinds) {
            if (wanted.stream().noneMatch(one -> one == kind.kind())) {
                kinds.remove(kind);
                kind.informers().forEach(Informer::close);
            }
        }
        Set<Objects> serving = WatchedObjects.of(watches).stream()
                .flatMap(needed -> objects.stream()
                        .filter(object -> object.watched().covers(needed))
                        .limit(1))
                .collect(Collectors.toSet());
        for (var object : objects) {
            if (!serving.contains(object)) {
                objects.remove(object);
                object.informers().forEach(Informer::close);
            }
        }
    }

    /**
     * Watches the labels of all namespaces, from now on.
     *
     * @throws IllegalStateException with what to do about it, when that is not permitted
     */
    public synchronized void watchNamespaceLabels() {
        namespaceLabels.start(NO_PROGRESS);
    }

    private void relabelled(String namespace) {
        kinds.stream()
                .flatMap(kind -> kind.resources().refs(namespace).stream())
                .distinct()
                .forEach(ref -> schedule.enqueue(ref, Priority.EVENT));
    }

    private Informer informer(String apiVersion, String kind, String namespace) {
        return new Informer(client, apiVersion, kind, paths.plural(kind), true, namespace);
    }

    private Optional<CachedResources> view(ResourceKind<?> wanted) {
        for (var kind : kinds) {
            // The object, not what it says: two versions of a plugin have kinds that are alike.
            if (kind.kind() == wanted) {
                return Optional.of(kind.resources());
            }
        }
        return Optional.empty();
    }

    private Optional<ResourceType> type(String kind) {
        return kinds.stream()
                .map(Kind::type)
                .filter(type -> type.kind().equals(kind))
                .findFirst();
    }

    private Stream<Informer> informers() {
        return Stream.of(
                        kinds.stream().map(Kind::informers).flatMap(List::stream),
                        objects.stream().map(Objects::informers).flatMap(List::stream),
                        namespaceLabels.informer().stream())
                .flatMap(each -> each);
    }

    /**
     * Why the operator cannot do its work, and a restart might help: it lost contact with the API server, or may watch
     * nothing at all. A namespace that is forbidden or deleted concerns only itself.
     */
    public List<String> problems() {
        var all = informers().toList();
        boolean nothing = !all.isEmpty()
                && all.stream().allMatch(informer -> informer.state().refused());
        return all.stream()
                .filter(informer -> nothing || !informer.state().refused())
                .map(Informer::problem)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    @Override
    public List<Unwatched> unwatched() {
        return informers()
                .flatMap(informer -> informer.problem().stream()
                        .map(problem -> new Unwatched(
                                informer.toString(),
                                informer.namespace(),
                                informer.state().name(),
                                problem)))
                .toList();
    }

    /** How many watches are in each state. */
    public Map<String, Long> watches() {
        Map<String, Long> counts = new TreeMap<>();
        for (var state : Informer.State.values()) {
            counts.put(state.name(), 0L);
        }
        informers().forEach(informer -> counts.merge(informer.state().name(), 1L, Long::sum));
        return counts;
    }

    /** How many resources their kind cannot read until they are changed. */
    public long unreadable() {
        return kinds.stream().mapToLong(kind -> kind.resources().unreadable()).sum();
    }

    @Override
    public Optional<CustomResource> resource(ResourceRef ref, ResourceKind<?> kind) {
        return view(kind).flatMap(resources -> resources.get(ref, kind));
    }

    @Override
    public Optional<Unreadable> unreadable(ResourceRef ref, ResourceKind<?> kind) {
        return view(kind).flatMap(resources -> resources.unreadable(ref, kind));
    }

    @Override
    public Map<String, String> namespaceLabels(String namespace) {
        return namespaceLabels.of(namespace);
    }

    @Override
    public List<ResourceRef> resources() {
        return kinds.stream()
                .flatMap(kind -> kind.resources().refs().stream())
                .distinct()
                .toList();
    }

    @Override
    public Optional<JsonNode> object(ObjectKey key) {
        return of(key.apiVersion(), key.kind()).stream()
                .map(watched -> watched.get(key))
                .flatMap(Optional::stream)
                .findFirst();
    }

    @Override
    public List<JsonNode> objects(String apiVersion, String kind, String namespace, Map<String, String> labels) {
        var selections = of(apiVersion, kind);
        if (selections.size() == 1) {
            return selections.get(0).find(namespace, labels);
        }
        // An object may be in more than one selection.
        return List.copyOf(selections.stream()
                .flatMap(watched -> watched.find(namespace, labels).stream())
                .collect(Collectors.toMap(ObjectKey::of, object -> object, (one, other) -> one))
                .values());
    }

    private List<WatchedObjects> of(String apiVersion, String kind) {
        List<WatchedObjects> found = new ArrayList<>();
        for (var object : objects) {
            var selection = object.watched().selection();
            if (selection.kind().equals(kind) && selection.apiVersion().equals(apiVersion)) {
                found.add(object.watched());
            }
        }
        return found;
    }

    @Override
    public void close() {
        informers().forEach(Informer::close);
    }

    private ObjectNode tree(GenericKubernetesResource object, String apiVersion, String kind) {
        ObjectNode tree = mapper.valueToTree(object);
        tree.put("apiVersion", apiVersion).put("kind", kind);
        if (tree.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        return tree;
    }

    private final class ResourceHandler implements Informer.Handler {
        private final Kind kind;

        ResourceHandler(Kind kind) {
            this.kind = kind;
        }

        @Override
        public void seen(GenericKubernetesResource object) {
            var ref = ref(
                    object.getMetadata().getNamespace(), object.getMetadata().getName());
            var tree = tree(object, kind.type().apiVersion(), kind.type().kind());
            kind.resources().put(ref, tree).ifPresent(priority -> schedule.enqueue(ref, priority));
        }

        @Override
        public void gone(String namespace, String name) {
            var ref = ref(namespace, name);
            kind.resources().remove(ref);
            schedule.enqueue(ref, Priority.EDIT);
        }

        private ResourceRef ref(String namespace, String name) {
            // One text for each namespace, not one for each resource.
            return new ResourceRef(kind.type().kind(), namespace.intern(), name);
        }
    }

    private final class ObjectHandler implements Informer.Handler {
        private final WatchedObjects watched;

        ObjectHandler(WatchedObjects watched) {
            this.watched = watched;
        }

        @Override
        public void seen(GenericKubernetesResource object) {
            var selection = watched.selection();
            tell(watched.put(tree(object, selection.apiVersion(), selection.kind())));
        }

        @Override
        public void gone(String namespace, String name) {
            tell(watched.remove(watched.key(namespace, name)));
        }

        private void tell(List<ResourceRef> concerned) {
            for (var ref : concerned) {
                // Objects of resources that nobody asked us to manage are none of our business.
                if (kinds.stream().anyMatch(kind -> kind.resources().has(ref))) {
                    schedule.enqueue(ref, Priority.EVENT);
                }
            }
        }
    }
}
