package io.drey.core.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The labels of namespaces, watched once somebody needs them. Thread-safe. */
final class NamespaceLabels implements Informer.Handler {
    private final KubernetesClient client;
    private final Consumer<String> changed;
    private final Map<String, Map<String, String>> labels = new ConcurrentHashMap<>();
    private volatile Optional<Informer> informer = Optional.empty();

    /** @param changed is told the name of each namespace that has other labels than before */
    NamespaceLabels(KubernetesClient client, Consumer<String> changed) {
        this.client = client;
        this.changed = changed;
    }

    /** Starts to watch, once, and waits for the first list. */
    void start(Duration limit) {
        if (informer.isPresent()) {
            return;
        }
        var made = new Informer(client, "v1", "Namespace", "namespaces", false, "");
        try {
            made.start("", this);
            Informer.await(List.of(made), limit);
            made.problem().ifPresent(problem -> {
                throw new IllegalStateException(problem);
            });
            informer = Optional.of(made);
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
    }

    Optional<Informer> informer() {
        return informer;
    }

    Map<String, String> of(String namespace) {
        return labels.getOrDefault(namespace, Map.of());
    }

    @Override
    public void seen(GenericKubernetesResource namespace) {
        var name = namespace.getMetadata().getName();
        var now = Optional.ofNullable(namespace.getMetadata().getLabels())
                .map(Map::copyOf)
                .orElse(Map.of());
        if (!now.equals(labels.put(name, now))) {
            changed.accept(name);
        }
    }

    @Override
    public void gone(String none, String name) {
        labels.remove(name);
    }
}
