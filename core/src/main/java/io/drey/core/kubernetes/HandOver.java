package io.drey.core.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store of one informer: hands each object over at once, and keeps its version only.
 *
 * <p>fabric8 would queue each object for its listeners, without a bound, while it asks for the next page of a list. Here a
 * page is handed over before the next one is requested. A version counts as known when the handler has taken it in.
 *
 * <p>Thread: one at a time, that of fabric8's reflector.
 */
final class HandOver implements ItemStore<GenericKubernetesResource> {
    private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

    private final Informer.Handler handler;
    private final Runnable progress;
    private final Runnable failed;
    private final Map<String, String> versions = new ConcurrentHashMap<>();

    /**
     * @param progress runs for each object
     * @param failed runs when the handler failed: the next list hands the object over again
     */
    HandOver(Informer.Handler handler, Runnable progress, Runnable failed) {
        this.handler = handler;
        this.progress = progress;
        this.failed = failed;
    }

    @Override
    public String getKey(GenericKubernetesResource object) {
        return Cache.metaNamespaceKeyFunc(object);
    }

    /** @return the same object, which fabric8 takes for one that did not change: its own listeners have nothing to do */
    @Override
    public GenericKubernetesResource put(String key, GenericKubernetesResource object) {
        progress.run();
        var version = object.getMetadata().getResourceVersion();
        if (!version.equals(versions.get(key))) {
            take(key, version, object);
        }
        return object;
    }

    private void take(String key, String version, GenericKubernetesResource object) {
        try {
            handler.seen(object);
            versions.put(key, version);
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.error("{} was not taken into the cache, and is listed again", key, e);
            failed.run();
        }
    }

    @Override
    public @Nullable GenericKubernetesResource remove(String key) {
        if (versions.remove(key) != null) {
            handler.gone(namespace(key), key.substring(key.indexOf('/') + 1));
        }
        return null;
    }

    private static String namespace(String key) {
        return key.substring(0, Math.max(0, key.indexOf('/')));
    }

    private static GenericKubernetesResource object(String key, String version) {
        var namespace = namespace(key);
        var object = new GenericKubernetesResource();
        object.setMetadata(new ObjectMetaBuilder()
                .withNamespace(namespace.isEmpty() ? null : namespace)
                .withName(key.substring(key.indexOf('/') + 1))
                .withResourceVersion(version)
                .build());
        return object;
    }

    @Override
    public Stream<String> keySet() {
        return versions.keySet().stream();
    }

    @Override
    public Stream<GenericKubernetesResource> values() {
        return versions.entrySet().stream().map(entry -> object(entry.getKey(), entry.getValue()));
    }

    @Override
    public @Nullable GenericKubernetesResource get(String key) {
        var version = versions.get(key);
        return version == null ? null : object(key, version);
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
