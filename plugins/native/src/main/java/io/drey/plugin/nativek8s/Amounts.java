package io.drey.plugin.nativek8s;

import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.JobManagerSpec;
import io.drey.spi.resource.Resource;
import io.drey.spi.resource.ResourceRequirements;
import io.drey.spi.resource.TaskManagerSpec;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.configuration.MemorySize;

/**
 * What one container asks for and may have, read from either style of the spec.
 *
 * @param memory in the configuration
 * @param memoryLimitFactor limit by request, where both are given
 * @param cpu in the configuration
 * @param cpuLimitFactor limit by request, where both are given
 * @param requests all other resources, for the container itself
 * @param limits all other resources, for the container itself
 */
record Amounts(
        Optional<MemorySize> memory,
        Optional<Double> memoryLimitFactor,
        Optional<Double> cpu,
        Optional<Double> cpuLimitFactor,
        Map<String, String> requests,
        Map<String, String> limits) {
    private static final String MEMORY = "memory";
    private static final String CPU = "cpu";

    static Amounts ofJobManager(FlinkDeploymentSpec spec) {
        return of(
                spec.jobManager().flatMap(JobManagerSpec::resource),
                spec.jobManager().flatMap(JobManagerSpec::resources),
                "spec.jobManager");
    }

    static Amounts ofTaskManager(FlinkDeploymentSpec spec) {
        return of(
                spec.taskManager().flatMap(TaskManagerSpec::resource),
                spec.taskManager().flatMap(TaskManagerSpec::resources),
                "spec.taskManager");
    }

    private static Amounts of(Optional<Resource> resource, Optional<ResourceRequirements> resources, String field) {
        return resources
                .filter(ResourceRequirements::hasQuantities)
                .map(present -> ofRequirements(present, field + ".resources"))
                .orElseGet(() -> ofDeprecated(resource, field + ".resource"));
    }

    private static Amounts ofDeprecated(Optional<Resource> resource, String field) {
        Map<String, String> storage = resource.flatMap(Resource::ephemeralStorage)
                .map(amount -> Map.of("ephemeral-storage", amount))
                .orElse(Map.of());
        return new Amounts(
                resource.flatMap(Resource::memory).map(text -> MemoryText.parse(text, field + ".memory")),
                Optional.empty(),
                resource.flatMap(Resource::cpu),
                Optional.empty(),
                storage,
                storage);
    }

    private static Amounts ofRequirements(ResourceRequirements resources, String field) {
        var memoryRequest = Optional.ofNullable(resources.requests().get(MEMORY))
                .map(text -> MemoryText.parse(text, field + ".requests.memory"));
        var memoryLimit = Optional.ofNullable(resources.limits().get(MEMORY))
                .map(text -> MemoryText.parse(text, field + ".limits.memory"));
        var cpuRequest = Optional.ofNullable(resources.requests().get(CPU))
                .map(text -> CpuText.parse(text, field + ".requests.cpu"));
        var cpuLimit = Optional.ofNullable(resources.limits().get(CPU))
                .map(text -> CpuText.parse(text, field + ".limits.cpu"));
        return new Amounts(
                memoryRequest.or(() -> memoryLimit),
                factor(
                        memoryRequest.map(size -> (double) size.getBytes()),
                        memoryLimit.map(size -> (double) size.getBytes()),
                        field,
                        MEMORY),
                cpuRequest.or(() -> cpuLimit),
                factor(cpuRequest, cpuLimit, field, CPU),
                others(resources.requests()),
                others(resources.limits()));
    }

    private static Optional<Double> factor(
            Optional<Double> request, Optional<Double> limit, String field, String name) {
        if (request.isEmpty() || limit.isEmpty() || request.get() == 0) {
            return Optional.empty();
        }
        var factor = limit.get() / request.get();
        if (factor < 1) {
            throw new IllegalArgumentException(field + ": found a " + name
                    + " request above the limit, must be at most the limit. Raise " + field + ".limits." + name);
        }
        return Optional.of(factor);
    }

    private static Map<String, String> others(Map<String, String> amounts) {
        var others = new TreeMap<>(amounts);
        others.remove(MEMORY);
        others.remove(CPU);
        return others;
    }
}
