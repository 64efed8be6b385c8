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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Shared informers over the resources and over what fact sources watch, in all namespaces or in some. Holds each object
 * once, as a JSON tree without managed fields, and each resource as read by its kind. Reconnects by itself.
 *
 * <p>While plugins are exchanged, two kinds of one name are watched: each pass sees the resources as the kind of its own
 * generation reads them.
 */
public final class InformerCache implements ResourceCache, AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

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

    /**
     * Watches these too, all at once, and returns when all of them have listed. When that fails, what was watched before
     * is watched as before.
     *
     * @param wanted kinds; the same object is watched once
     * @param watches of the fact sources; equal ones are watched once
     * @throws IllegalStateException with what to do about it, when something may not be watched or does not exist
     */
    public synchronized void watch(Collection<ResourceKind<?>> wanted, Collection<Watch> watches) {
        var newKinds = wanted.stream()
                .filter(kind -> view(kind).isEmpty())
                .map(kind -> new Kind(kind, kind.type(), new CachedResources(), new ArrayList<>()))
                .toList();
        var newObjects = WatchedObjects.of(watches).stream()
                .filter(watched ->
                        objects.stream().noneMatch(there -> there.watched().covers(watched)))
                .map(watched -> new Objects(watched, new ArrayList<>()))
                .toList();
        kinds.addAll(newKinds);
        objects.addAll(newObjects);
        List<Informer> started = new ArrayList<>();
        try {
            for (var namespace : namespaces) {
                for (var object : newObjects) {
                    var selection = object.watched().selection();
                    object.informers().add(informer(selection.apiVersion(), selection.kind(), namespace));
                    object.informers()
                            .getLast()
                            .start(ApiPaths.selector(selection.labels()), new ObjectHandler(object.watched()));
                    started.add(object.informers().getLast());
                }
                for (var kind : newKinds) {
                    kind.informers()
                            .add(informer(kind.type().apiVersion(), kind.type().kind(), namespace));
                    kind.informers().getLast().start(labelSelector, new ResourceHandler(kind));
                    started.add(kind.informers().getLast());
                }
            }
            Informer.await(started, START_LIMIT);
        } catch (RuntimeException e) {
            started.forEach(Informer::close);
            kinds.removeAll(newKinds);
            objects.removeAll(newObjects);
            throw e;
        }
    }

    /** Ends the watch of everything that is not among these. */
    public synchronized void retain(Collection<ResourceKind<?>> wanted, Collection<Watch> watches) {
        var needed = WatchedObjects.of(watches);
        for (var kind : kinds) {
            if (wanted.stream().noneMatch(one -> one == kind.kind())) {
                kinds.remove(kind);
                kind.informers().forEach(Informer::close);
            }
        }
        for (var object : objects) {
            if (needed.stream().noneMatch(object.watched()::covers)) {
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
        namespaceLabels.start(START_LIMIT);
    }

    private void relabelled(String namespace) {
        resources().stream()
                .filter(ref -> ref.namespace().equals(namespace))
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

    /** What is wrong with the informers; empty when they all watch, or have not been cut off for long. */
    public List<String> problems() {
        return informers()
                .map(Informer::problem)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    @Override
    public Optional<CustomResource> resource(ResourceRef ref, ResourceKind<?> kind) {
        return view(kind).flatMap(resources -> resources.get(ref));
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
            kind.resources().put(ref, kind.kind(), tree).ifPresent(priority -> schedule.enqueue(ref, priority));
        }

        @Override
        public void gone(String namespace, String name) {
            var ref = ref(namespace, name);
            kind.resources().remove(ref);
            schedule.enqueue(ref, Priority.EDIT);
        }

        private ResourceRef ref(String namespace, String name) {
            return new ResourceRef(kind.type().kind(), namespace, name);
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
                if (kinds.stream().anyMatch(kind -> kind.resources().get(ref).isPresent())) {
                    schedule.enqueue(ref, Priority.EVENT);
                }
            }
        }
    }
}
