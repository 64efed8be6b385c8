package io.drey.plugin.tenants;

import io.drey.spi.FeaturePolicy;
import io.drey.spi.config.FlinkConfig;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Layers from the platform to the resource: the nearest wins, unless one further out has locked it. */
final class TenantPolicy implements FeaturePolicy {
    /** On a resource: {@code autoscaler=off, ingress=on}. */
    static final String ANNOTATION = "drey.io/features";

    private final TenantsConfig config;

    @Inject
    TenantPolicy(TenantsConfig config) {
        this.config = config;
    }

    private record Named(String who, Layer layer) {}

    @Override
    public List<PluginSet> sets() {
        return config.tenants().stream()
                .flatMap(tenant -> tenant.plugins().stream())
                .toList();
    }

    @Override
    public boolean readsNamespaceLabels() {
        return config.tenants().stream().anyMatch(tenant -> !tenant.labels().isEmpty());
    }

    @Override
    public Policy policy(Subject subject) {
        var namespace = subject.resource().namespace();
        var tenant = config.tenants().stream()
                .filter(each -> each.has(namespace, subject.namespaceLabels()))
                .findFirst();
        List<Named> layers = new ArrayList<>();
        layers.add(new Named("platform", config.platform()));
        tenant.ifPresent(its -> layers.add(new Named("tenant " + its.name(), its.layer())));
        layers.add(new Named("namespace " + namespace, config.namespaces().getOrDefault(namespace, Layer.NONE)));
        layers.add(new Named("resource", ofResource(subject.annotations())));
        return new Policy(
                tenant.map(Tenant::name),
                tenant.flatMap(Tenant::plugins).map(PluginSet::name),
                features(layers),
                defaults(layers),
                locked(layers));
    }

    /** What is no choice on a resource is passed over: it must not stop the job, and is seen in what is in force. */
    private static Layer ofResource(Map<String, String> annotations) {
        Map<String, Boolean> features = new LinkedHashMap<>();
        for (var choice : annotations.getOrDefault(ANNOTATION, "").split(",")) {
            var parts = choice.strip().split("\\s*=\\s*", 2);
            if (parts.length == 2 && (parts[1].equals("on") || parts[1].equals("off"))) {
                features.put(parts[0], parts[1].equals("on"));
            }
        }
        return new Layer(features, Set.of(), FlinkConfig.EMPTY, Set.of());
    }

    private static List<Decided> features(List<Named> layers) {
        var names = new TreeSet<String>();
        layers.forEach(layer -> names.addAll(layer.layer().features().keySet()));
        return names.stream().map(feature -> decided(feature, layers)).toList();
    }

    private static Decided decided(String feature, List<Named> layers) {
        boolean on = true;
        var by = "platform";
        boolean locked = false;
        Optional<String> overruled = Optional.empty();
        for (var layer : layers) {
            var says = layer.layer().features().get(feature);
            if (says != null && locked) {
                if (says != on) {
                    overruled = Optional.of(layer.who());
                }
            } else if (says != null) {
                on = says;
                by = layer.who();
                locked = layer.layer().locked().contains(feature);
            }
        }
        return new Decided(feature, on, locked ? by + " (locked)" : by, overruled);
    }

    /** The namespace's layer is with the tenant's: the platform's own settings for a namespace lie over both. */
    private static FlinkConfig defaults(List<Named> layers) {
        var config = FlinkConfig.EMPTY;
        for (var layer : layers) {
            config = config.with(layer.layer().defaults());
        }
        return config.with(locked(layers));
    }

    /** The outermost lock wins. */
    private static FlinkConfig locked(List<Named> layers) {
        var config = FlinkConfig.EMPTY;
        for (var layer : layers.reversed()) {
            config = config.with(layer.layer().lockedDefaults());
        }
        return config;
    }
}
