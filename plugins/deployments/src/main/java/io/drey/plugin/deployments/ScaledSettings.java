package io.drey.plugin.deployments;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.Resource;
import io.drey.spi.resource.ResourceRequirements;
import io.drey.spi.resource.TaskManagerSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a spec that an autoscaler changes.
 *
 * @param parallelism of vertices, by their ids
 * @param memory of TaskManagers, by key or field
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
record ScaledSettings(Map<String, Integer> parallelism, Map<String, String> memory) {
    /** No settings. */
    static final ScaledSettings NONE = new ScaledSettings(Map.of(), Map.of());

    private static final String RESOURCE = "spec.taskManager.resource.memory";
    private static final String REQUEST = "spec.taskManager.resources.requests.memory";
    private static final String LIMIT = "spec.taskManager.resources.limits.memory";
    private static final String MEMORY = "memory";

    /** Keys that memory tuning sets or takes away. */
    private static final List<String> KEYS = List.of(
            "taskmanager.memory.process.size",
            "taskmanager.memory.flink.size",
            "taskmanager.memory.task.heap.size",
            "taskmanager.memory.framework.heap.size",
            "taskmanager.memory.managed.size",
            "taskmanager.memory.size",
            "taskmanager.memory.managed.fraction",
            "taskmanager.memory.network.min",
            "taskmanager.memory.network.max",
            "taskmanager.memory.jvm-metaspace.size",
            "taskmanager.memory.jvm-overhead.fraction");

    ScaledSettings {
        parallelism = parallelism == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(parallelism));
        memory = memory == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(memory));
    }

    /** Those of a spec. Parallelism that is malformed counts as none. */
    static ScaledSettings of(FlinkDeploymentSpec spec) {
        Map<String, String> memory = new TreeMap<>();
        var flat = spec.flinkConfiguration().flatten();
        for (var key : KEYS) {
            Optional.ofNullable(flat.get(key)).ifPresent(value -> memory.put(key, value));
        }
        spec.taskManager()
                .flatMap(TaskManagerSpec::resource)
                .flatMap(Resource::memory)
                .ifPresent(value -> memory.put(RESOURCE, value));
        spec.taskManager().flatMap(TaskManagerSpec::resources).ifPresent(amounts -> {
            Optional.ofNullable(amounts.requests().get(MEMORY)).ifPresent(value -> memory.put(REQUEST, value));
            Optional.ofNullable(amounts.limits().get(MEMORY)).ifPresent(value -> memory.put(LIMIT, value));
        });
        return new ScaledSettings(RescalesPart.overrides(spec), memory);
    }

    /**
     * Parallelism with that of an earlier launch, except for vertices whose own was edited since.
     *
     * @param launched as it was recorded
     * @param edited what the resource said then
     */
    Map<String, Integer> parallelism(ScaledSettings launched, ScaledSettings edited) {
        Set<String> vertices = new LinkedHashSet<>(launched.parallelism().keySet());
        vertices.addAll(parallelism.keySet());
        Map<String, Integer> kept = new TreeMap<>();
        for (var vertex : vertices) {
            var own = Optional.ofNullable(parallelism.get(vertex));
            var before = Optional.ofNullable(edited.parallelism().get(vertex));
            (own.equals(before) ? Optional.ofNullable(launched.parallelism().get(vertex)) : own)
                    .ifPresent(value -> kept.put(vertex, value));
        }
        return kept;
    }

    /** A spec with the memory of another one. */
    static FlinkDeploymentSpec withMemoryOf(FlinkDeploymentSpec launched, FlinkDeploymentSpec spec) {
        var memory = of(launched).memory();
        var configuration = spec.flinkConfiguration();
        for (var key : KEYS) {
            configuration =
                    memory.containsKey(key) ? configuration.with(key, memory.get(key)) : configuration.without(key);
        }
        var configured = spec.withFlinkConfiguration(configuration);
        return spec.taskManager()
                .map(managers -> configured.withTaskManager(new TaskManagerSpec(
                        managers.resource().map(own -> with(own, Optional.ofNullable(memory.get(RESOURCE)))),
                        managers.resources().map(own -> with(own, memory)),
                        managers.replicas(),
                        managers.podTemplate(),
                        managers.unknown())))
                .orElse(configured);
    }

    private static Resource with(Resource own, Optional<String> memory) {
        return new Resource(own.cpu(), memory, own.ephemeralStorage(), own.unknown());
    }

    private static ResourceRequirements with(ResourceRequirements own, Map<String, String> memory) {
        return new ResourceRequirements(
                own.claims(),
                with(own.limits(), memory.get(LIMIT)),
                with(own.requests(), memory.get(REQUEST)),
                own.unknown());
    }

    private static Map<String, String> with(Map<String, String> amounts, @Nullable String memory) {
        Map<String, String> all = new LinkedHashMap<>(amounts);
        all.remove(MEMORY);
        if (memory != null) {
            all.put(MEMORY, memory);
        }
        return all;
    }
}
