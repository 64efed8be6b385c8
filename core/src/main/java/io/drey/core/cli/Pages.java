package io.drey.core.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.drey.core.health.HealthServer;
import io.drey.core.health.HealthServer.Page;
import io.drey.core.host.FeatureState;
import io.drey.core.host.PluginHost;
import io.drey.core.host.PluginProblem;
import io.drey.core.port.ResourceCache;
import io.drey.spi.FeaturePolicy.Subject;
import io.drey.spi.resource.ResourceRef;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What a running operator tells the command {@code drey} about itself. */
final class Pages {
    /** The plugins. */
    static final String PLUGINS = "/plugins";

    /** What is in force for a resource; parameters kind, namespace, name. */
    static final String FEATURES = "/features";

    /** The plugins in numbers. */
    static final String METRICS = "/metrics";

    /** The answer of {@link #FEATURES}. */
    record ForResource(String kind, String namespace, String name, String tenant, List<FeatureState> features) {}

    /** Times are texts, and what is empty is left to each record. */
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .registerModules(new Jdk8Module(), new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

    private final PluginHost host;
    private final ResourceCache resources;

    @Inject
    Pages(PluginHost host, ResourceCache resources) {
        this.host = host;
        this.resources = resources;
    }

    /**
     * @param refused why the last change of plugins is not at work, if it is not
     * @param refusals how many were refused since the start
     */
    void addTo(HealthServer server, Supplier<List<PluginProblem>> refused, LongSupplier refusals) {
        server.page(PLUGINS, parameters -> json(200, plugins(refused.get())));
        server.text(
                METRICS,
                PluginMetrics.TYPE,
                () -> PluginMetrics.text(host.report(refused.get()), refusals.getAsLong()));
        server.page(FEATURES, this::features);
    }

    /** The report, and beside it the watches that are not served: a plugin without its objects cannot do its work. */
    private ObjectNode plugins(List<PluginProblem> refused) {
        ObjectNode page = MAPPER.valueToTree(host.report(refused));
        return page.set("unwatched", MAPPER.valueToTree(resources.unwatched()));
    }

    private Page features(Map<String, String> parameters) {
        var kind = parameters.getOrDefault("kind", "");
        var namespace = parameters.getOrDefault("namespace", "");
        var name = parameters.getOrDefault("name", "");
        return resources.resources().stream()
                .filter(ref -> ref.namespace().equals(namespace) && ref.name().equals(name) && is(ref.kind(), kind))
                .findFirst()
                .map(ref -> json(200, forResource(ref)))
                .orElseGet(() -> json(
                        404,
                        "the operator knows no " + kind + " " + namespace + "/" + name
                                + ". Look at the kind and the namespace, and at what the operator watches"));
    }

    private ForResource forResource(ResourceRef ref) {
        try (var generation = host.enter()) {
            var annotations = Optional.ofNullable(generation.platform().kinds().get(ref.kind()))
                    .flatMap(kind -> resources.resource(ref, kind))
                    .map(resource -> resource.metadata().annotations());
            var policy = host.inForce(new Subject(
                            ref,
                            annotations.orElse(Map.of()),
                            generation.readsNamespaceLabels() ? resources.namespaceLabels(ref.namespace()) : Map.of()))
                    .policy();
            return new ForResource(
                    ref.kind(), ref.namespace(), ref.name(), policy.tenant().orElse(""), host.features(policy));
        }
    }

    /** A kind as kubectl takes it, but for short names. */
    private static boolean is(String kind, String asked) {
        return asked.equalsIgnoreCase(kind) || asked.equalsIgnoreCase(kind + "s");
    }

    /** A page of plain data. */
    static Page json(int status, Object value) {
        try {
            return new Page(status, MAPPER.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report is plain data", e);
        }
    }
}
