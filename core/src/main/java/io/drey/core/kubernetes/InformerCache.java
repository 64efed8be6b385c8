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

/**
 * Shared informers over the resources and over what fact sources watch, in all namespaces or in some. Holds each object
 * once, as a JSON tree without managed fields, and each resource as read by its kind. Reconnects by itself.
 */
public final class InformerCache implements ResourceCache, AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final KubernetesClient client;
    private final Map<String, ResourceKind<?>> kinds;
    private final Schedule schedule;
    private final ApiPaths paths;
    private final ObjectMapper mapper = new ObjectMapper();
    private final CachedResources resources = new CachedResources();
    private final List<WatchedObjects> objects = new CopyOnWriteArrayList<>();
    private final List<Informer> informers = new CopyOnWriteArrayList<>();

    /** @param kinds by {@code kind} */
    public InformerCache(KubernetesClient client, Map<String, ResourceKind<?>> kinds, Schedule schedule) {
        this.client = requireNonNull(client);
        this.kinds = Map.copyOf(kinds);
        this.schedule = requireNonNull(schedule);
        this.paths = new ApiPaths(kinds.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().type())));
    }

    /**
     * Starts the informers, all at once, and returns when all of them have listed. Once.
     *
     * @param watches of the fact sources; equal ones are watched once
     * @param namespaces to watch; empty for all
     * @param labelSelector that resources must match; empty for all
     * @throws IllegalStateException with what to do about it, when something may not be watched or does not exist
     */
    public void start(Collection<Watch> watches, List<String> namespaces, String labelSelector) {
        objects.addAll(WatchedObjects.of(watches));
        for (var namespace : namespaces.isEmpty() ? List.of("") : namespaces) {
            for (var watched : objects) {
                var selection = watched.selection();
                informers.add(informer(selection.apiVersion(), selection.kind(), namespace)
                        .start(ApiPaths.selector(selection.labels()), new ObjectHandler(watched)));
            }
            for (var kind : kinds.values()) {
                informers.add(informer(kind.type().apiVersion(), kind.type().kind(), namespace)
                        .start(labelSelector, new ResourceHandler(kind)));
            }
        }
        Informer.await(informers, START_LIMIT);
    }

    private Informer informer(String apiVersion, String kind, String namespace) {
        return new Informer(client, apiVersion, kind, paths.plural(kind), namespace);
    }

    /** What is wrong with the informers; empty when they all watch, or have not been cut off for long. */
    public List<String> problems() {
        return informers.stream()
                .map(Informer::problem)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    @Override
    public Optional<CustomResource> resource(ResourceRef ref) {
        return resources.get(ref);
    }

    @Override
    public List<ResourceRef> resources() {
        return resources.refs();
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
        for (var watched : objects) {
            if (watched.selection().kind().equals(kind)
                    && watched.selection().apiVersion().equals(apiVersion)) {
                found.add(watched);
            }
        }
        return found;
    }

    @Override
    public void close() {
        informers.forEach(Informer::close);
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
        private final ResourceKind<?> kind;

        ResourceHandler(ResourceKind<?> kind) {
            this.kind = kind;
        }

        @Override
        public void seen(GenericKubernetesResource object) {
            var ref = ref(
                    object.getMetadata().getNamespace(), object.getMetadata().getName());
            var tree = tree(object, kind.type().apiVersion(), kind.type().kind());
            resources.put(ref, kind, tree).ifPresent(priority -> schedule.enqueue(ref, priority));
        }

        @Override
        public void gone(String namespace, String name) {
            var ref = ref(namespace, name);
            resources.remove(ref);
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
                if (resources.get(ref).isPresent()) {
                    schedule.enqueue(ref, Priority.EVENT);
                }
            }
        }
    }
}
