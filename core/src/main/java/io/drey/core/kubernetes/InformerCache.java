package io.drey.core.kubernetes;

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
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shared informers over the resources and over what fact sources watch, in all namespaces or in some. Holds each object
 * once, as a JSON tree without managed fields, and each resource parsed. Reconnects by itself.
 */
public final class InformerCache implements ResourceCache, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(InformerCache.class);

    private final KubernetesClient client;
    private final Map<String, ResourceKind<?>> kinds;
    private final Schedule schedule;
    private final ApiPaths paths;
    private final ObjectMapper mapper = new ObjectMapper();
    private final Map<ResourceRef, CustomResource> resources = new ConcurrentHashMap<>();
    private final Map<ObjectKey, JsonNode> objects = new ConcurrentHashMap<>();
    private final List<SharedIndexInformer<GenericKubernetesResource>> informers = new ArrayList<>();

    public InformerCache(KubernetesClient client, Map<String, ResourceKind<?>> kinds, Schedule schedule) {
        this.client = client;
        this.kinds = Map.copyOf(kinds);
        this.schedule = schedule;
        this.paths = new ApiPaths(kinds.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().type())));
    }

    /**
     * Starts the informers, and returns when all of them have listed.
     *
     * @param watches of the fact sources; equal ones are watched once
     * @param namespaces to watch; empty for all
     * @param labelSelector that resources must match; empty for all
     */
    public void start(Collection<Watch> watches, List<String> namespaces, String labelSelector) {
        for (var namespace : namespaces.isEmpty() ? List.of("") : namespaces) {
            // Objects first: a resource that is seen first would be judged without them.
            for (var watch : new LinkedHashSet<>(watches)) {
                informers.add(inform(
                        watch.apiVersion(),
                        watch.kind(),
                        namespace,
                        ApiPaths.selector(watch.labels()),
                        new ObjectHandler(watch)));
            }
        }
        for (var namespace : namespaces.isEmpty() ? List.of("") : namespaces) {
            for (var kind : kinds.values()) {
                informers.add(inform(
                        kind.type().apiVersion(),
                        kind.type().kind(),
                        namespace,
                        labelSelector,
                        new ResourceHandler(kind)));
            }
        }
    }

    private SharedIndexInformer<GenericKubernetesResource> inform(
            String apiVersion,
            String kind,
            String namespace,
            String selector,
            ResourceEventHandler<GenericKubernetesResource> handler) {
        var slash = apiVersion.indexOf('/');
        var context = new ResourceDefinitionContext.Builder()
                .withGroup(slash < 0 ? "" : apiVersion.substring(0, slash))
                .withVersion(apiVersion.substring(slash + 1))
                .withKind(kind)
                .withPlural(paths.plural(kind))
                .withNamespaced(true)
                .build();
        var operation = client.genericKubernetesResources(context);
        var scoped = namespace.isEmpty() ? operation.inAnyNamespace() : operation.inNamespace(namespace);
        var informer = (selector.isBlank() ? scoped : scoped.withLabelSelector(selector)).runnableInformer(0);
        informer.addEventHandler(handler);
        informer.exceptionHandler((started, error) -> {
            LOG.warn(
                    "watching {} in {}: {}",
                    kind,
                    namespace.isEmpty() ? "all namespaces" : namespace,
                    error.getMessage());
            return true;
        });
        try {
            informer.start().toCompletableFuture().get(60, java.util.concurrent.TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(
                    "cannot watch " + paths.plural(kind) + " of " + apiVersion + ": " + e.getCause()
                            + ". Are the CRDs installed, and may the service account list and watch them?",
                    e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("no list of " + paths.plural(kind) + " within 60 s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return informer;
    }

    /** What is wrong with the informers; empty when they all watch. */
    public List<String> problems() {
        return informers.stream()
                .filter(informer -> !informer.isRunning() || !informer.isWatching())
                .map(informer -> "an informer does not watch: "
                        + informer.getApiTypeClass().getSimpleName())
                .distinct()
                .toList();
    }

    @Override
    public Optional<CustomResource> resource(ResourceRef ref) {
        return Optional.ofNullable(resources.get(ref));
    }

    @Override
    public List<ResourceRef> resources() {
        return List.copyOf(resources.keySet());
    }

    @Override
    public Optional<JsonNode> object(ObjectKey key) {
        return Optional.ofNullable(objects.get(key));
    }

    @Override
    public List<JsonNode> objects(String apiVersion, String kind, String namespace, Map<String, String> labels) {
        List<JsonNode> found = new ArrayList<>();
        objects.forEach((key, object) -> {
            if (key.kind().equals(kind)
                    && key.apiVersion().equals(apiVersion)
                    && key.namespace().equals(namespace)
                    && carries(object, labels)) {
                found.add(object);
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

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::stop);
    }

    private ObjectNode tree(GenericKubernetesResource object, String apiVersion, String kind) {
        ObjectNode tree = mapper.valueToTree(object);
        tree.put("apiVersion", apiVersion).put("kind", kind);
        if (tree.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        return tree;
    }

    private final class ResourceHandler implements ResourceEventHandler<GenericKubernetesResource> {
        private final ResourceKind<?> kind;

        ResourceHandler(ResourceKind<?> kind) {
            this.kind = kind;
        }

        private ResourceRef ref(GenericKubernetesResource object) {
            return new ResourceRef(
                    kind.type().kind(),
                    object.getMetadata().getNamespace(),
                    object.getMetadata().getName());
        }

        private void seen(@Nullable GenericKubernetesResource before, GenericKubernetesResource now) {
            var ref = ref(now);
            try {
                resources.put(
                        ref,
                        kind.read(
                                tree(now, kind.type().apiVersion(), kind.type().kind())));
            } catch (RuntimeException e) {
                LOG.error("{} cannot be read, it is left alone: {}", ref, e.getMessage());
                resources.remove(ref);
                return;
            }
            schedule.enqueue(ref, edited(before, now) ? Priority.EDIT : Priority.EVENT);
        }

        private static boolean edited(@Nullable GenericKubernetesResource before, GenericKubernetesResource now) {
            return before == null
                    || !java.util.Objects.equals(
                            before.getMetadata().getGeneration(),
                            now.getMetadata().getGeneration())
                    || !java.util.Objects.equals(
                            before.getMetadata().getDeletionTimestamp(),
                            now.getMetadata().getDeletionTimestamp());
        }

        @Override
        public void onAdd(GenericKubernetesResource object) {
            seen(null, object);
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource now) {
            seen(before, now);
        }

        @Override
        public void onDelete(GenericKubernetesResource object, boolean unknown) {
            resources.remove(ref(object));
            schedule.enqueue(ref(object), Priority.EDIT);
        }
    }

    private final class ObjectHandler implements ResourceEventHandler<GenericKubernetesResource> {
        private final Watch watch;

        ObjectHandler(Watch watch) {
            this.watch = watch;
        }

        private ObjectKey key(GenericKubernetesResource object) {
            return new ObjectKey(
                    watch.apiVersion(),
                    watch.kind(),
                    object.getMetadata().getNamespace(),
                    object.getMetadata().getName());
        }

        private void owner(GenericKubernetesResource object) {
            var labels = object.getMetadata().getLabels();
            var owner = labels == null ? null : labels.get(watch.ownerLabel());
            if (owner != null) {
                var ref = new ResourceRef(
                        watch.resourceKind(), object.getMetadata().getNamespace(), owner);
                // Objects of clusters that nobody asked us to manage are none of our business.
                if (resources.containsKey(ref)) {
                    schedule.enqueue(ref, Priority.EVENT);
                }
            }
        }

        @Override
        public void onAdd(GenericKubernetesResource object) {
            objects.put(key(object), tree(object, watch.apiVersion(), watch.kind()));
            owner(object);
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource now) {
            objects.put(key(now), tree(now, watch.apiVersion(), watch.kind()));
            owner(now);
        }

        @Override
        public void onDelete(GenericKubernetesResource object, boolean unknown) {
            objects.remove(key(object));
            owner(object);
        }
    }
}
