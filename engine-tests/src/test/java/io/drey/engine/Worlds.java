package io.drey.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.port.FlinkApi;
import io.drey.core.port.KubernetesApi;
import io.drey.core.port.ResourceCache;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import io.drey.testkit.Simulation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Many in-memory clusters behind one engine's ports, each with one resource in a namespace of its own. The test kit's cluster
 * is not thread-safe, and no resource is in two passes at once.
 */
final class Worlds {
    private final Map<String, Simulation> byNamespace = new LinkedHashMap<>();
    private final Map<String, ResourceRef> refs = new LinkedHashMap<>();

    void add(ResourceRef ref, Simulation world) {
        byNamespace.put(ref.namespace(), world);
        refs.put(ref.namespace(), ref);
    }

    List<ResourceRef> refs() {
        return List.copyOf(refs.values());
    }

    Simulation of(ResourceRef ref) {
        return byNamespace.get(ref.namespace());
    }

    KubernetesApi kubernetes() {
        return port(KubernetesApi.class, Simulation::kubernetes);
    }

    FlinkApi flink() {
        return port(FlinkApi.class, Simulation::flink);
    }

    ResourceCache cache() {
        return port(ResourceCache.class, world -> world.kubernetes().cache());
    }

    private <T> T port(Class<T> type, Function<Simulation, T> ofWorld) {
        return type.cast(Proxy.newProxyInstance(
                Worlds.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (arguments == null) {
                        return method.getName().equals("resources") ? List.copyOf(refs.values()) : List.of();
                    }
                    var world = Arrays.stream(arguments)
                            .map(Worlds::namespace)
                            .map(byNamespace::get)
                            .filter(Objects::nonNull)
                            .findFirst()
                            .orElseThrow(() -> new IllegalStateException(method + " is about no world"));
                    try {
                        return method.invoke(ofWorld.apply(world), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private static @Nullable String namespace(@Nullable Object argument) {
        return switch (argument) {
            case ResourceRef ref -> ref.namespace();
            case ObjectKey key -> key.namespace();
            case FlinkRef flink -> flink.namespace();
            case CustomResource resource -> resource.metadata().namespace();
            case JsonNode manifest ->
                manifest.path("metadata").path("namespace").asText();
            case String text -> text;
            case null, default -> null;
        };
    }
}
