package io.drey.core.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an informer keeps to compare versions by. The objects themselves are held once, by us. */
final class VersionsOnly implements ItemStore<GenericKubernetesResource> {
    private record Version(@Nullable String namespace, String name, String uid, String resourceVersion) {
        static Version of(GenericKubernetesResource object) {
            var meta = object.getMetadata();
            return new Version(meta.getNamespace(), meta.getName(), meta.getUid(), meta.getResourceVersion());
        }

        GenericKubernetesResource object() {
            var object = new GenericKubernetesResource();
            object.setMetadata(new ObjectMetaBuilder()
                    .withNamespace(namespace)
                    .withName(name)
                    .withUid(uid)
                    .withResourceVersion(resourceVersion)
                    .build());
            return object;
        }
    }

    private final Map<String, Version> versions = new ConcurrentHashMap<>();

    private static @Nullable GenericKubernetesResource object(@Nullable Version version) {
        return version == null ? null : version.object();
    }

    @Override
    public String getKey(GenericKubernetesResource object) {
        return Cache.metaNamespaceKeyFunc(object);
    }

    @Override
    public @Nullable GenericKubernetesResource put(String key, GenericKubernetesResource object) {
        return object(versions.put(key, Version.of(object)));
    }

    @Override
    public @Nullable GenericKubernetesResource remove(String key) {
        return object(versions.remove(key));
    }

    @Override
    public Stream<String> keySet() {
        return versions.keySet().stream();
    }

    @Override
    public Stream<GenericKubernetesResource> values() {
        return versions.values().stream().map(Version::object);
    }

    @Override
    public @Nullable GenericKubernetesResource get(String key) {
        return object(versions.get(key));
    }

    @Override
    public int size() {
        return versions.size();
    }

    @Override
    public boolean isFullState() {
        return false;
    }
}
