package io.drey.core.kubernetes;

import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.ResourceType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Where objects are on the API server. */
final class ApiPaths {
    private static final Map<String, String> PLURALS = Map.of(
            "Deployment", "deployments",
            "Pod", "pods",
            "Service", "services",
            "ConfigMap", "configmaps",
            "Secret", "secrets",
            "Event", "events",
            "Ingress", "ingresses",
            "Lease", "leases");

    private final Function<String, Optional<ResourceType>> types;

    /** @param types of custom resources, by {@code kind} */
    ApiPaths(Function<String, Optional<ResourceType>> types) {
        this.types = types;
    }

    /** {@code /apis/apps/v1/namespaces/ns/deployments/name}. */
    String object(ObjectKey key) {
        // A namespace is in none.
        if (key.kind().equals("Namespace")) {
            return "/api/v1/namespaces/" + segment(key.name());
        }
        return collection(key.apiVersion(), key.kind(), key.namespace()) + "/" + segment(key.name());
    }

    /** {@code /apis/apps/v1/namespaces/ns/deployments}. */
    String collection(String apiVersion, String kind, String namespace) {
        var group = apiVersion.contains("/") ? "/apis/" + apiVersion : "/api/" + apiVersion;
        return group + "/namespaces/" + segment(namespace) + "/" + plural(kind);
    }

    /**
     * A name within a path. The API server decodes a path before it splits it, so that no encoding makes a slash or dots
     * harmless: it refuses such names itself.
     */
    private static String segment(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.contains("/") || name.contains("%")) {
            throw new IllegalArgumentException(
                    "found '" + name + "', must be a name without '/' and '%', and not '.' or '..'");
        }
        return encode(name).replace("+", "%20");
    }

    /** The plural name of a kind. */
    String plural(String kind) {
        return types.apply(kind)
                .map(ResourceType::plural)
                .orElseGet(() -> PLURALS.getOrDefault(kind, kind.toLowerCase(Locale.ROOT) + "s"));
    }

    /** {@code labelSelector=a%3Db}; an empty value means that the label must be there. */
    static String labelQuery(Map<String, String> labels) {
        return "labelSelector=" + encode(selector(labels));
    }

    /** {@code a=b,c}. */
    static String selector(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> label.getValue().isEmpty() ? label.getKey() : label.getKey() + "=" + label.getValue())
                .sorted()
                .collect(Collectors.joining(","));
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
