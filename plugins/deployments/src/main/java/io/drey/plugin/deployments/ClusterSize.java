package io.drey.plugin.deployments;

import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.JobManagerSpec;
import io.drey.spi.resource.Quantity;
import io.drey.spi.resource.Resource;
import io.drey.spi.resource.ResourceRequirements;
import io.drey.spi.resource.TaskManagerSpec;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a cluster may take of its nodes, in {@code clusterInfo}: CPUs and bytes of its JobManagers, and of the
 * TaskManagers that are registered. Of each process what it asks for, times the factor of its limit.
 */
final class ClusterSize {
    static final String CPU = "total-cpu";
    static final String MEMORY = "total-memory";

    private static final ConfigKey<Integer> JOB_MANAGERS = ConfigKey.integer("kubernetes.jobmanager.replicas", 1);

    private ClusterSize() {}

    /**
     * Both totals as text. One is missing when it cannot be told: memory that is configured by its parts only, or an
     * amount that is none, which a rule tells the user.
     */
    static Map<String, String> totals(FlinkDeploymentSpec spec, FlinkConfig config, int taskManagers) {
        var jobManager = new Process(
                "jobmanager",
                spec.jobManager().flatMap(JobManagerSpec::resource),
                spec.jobManager().flatMap(JobManagerSpec::resources),
                config);
        var taskManager = new Process(
                "taskmanager",
                spec.taskManager().flatMap(TaskManagerSpec::resource),
                spec.taskManager().flatMap(TaskManagerSpec::resources),
                config);
        Map<String, String> totals = new TreeMap<>();
        try {
            int jobManagers =
                    spec.jobManager().map(JobManagerSpec::replicas).orElseGet(() -> config.orFallback(JOB_MANAGERS));
            total(jobManager.cpu(), jobManagers, taskManager.cpu(), taskManagers)
                    .ifPresent(cpu -> totals.put(CPU, String.valueOf(cpu.doubleValue())));
            total(jobManager.memory(), jobManagers, taskManager.memory(), taskManagers)
                    .ifPresent(memory -> totals.put(
                            MEMORY, memory.setScale(0, RoundingMode.HALF_UP).toPlainString()));
        } catch (IllegalArgumentException e) {
            return totals;
        }
        return totals;
    }

    private static Optional<BigDecimal> total(
            Optional<BigDecimal> jobManager, int jobManagers, Optional<BigDecimal> taskManager, int taskManagers) {
        return jobManager.flatMap(one -> taskManager.map(other ->
                one.multiply(BigDecimal.valueOf(jobManagers)).add(other.multiply(BigDecimal.valueOf(taskManagers)))));
    }

    /** One process, with what it may take: an amount of the spec before one of the configuration. */
    private record Process(
            String name, Optional<Resource> resource, Optional<ResourceRequirements> resources, FlinkConfig config) {

        Optional<BigDecimal> cpu() {
            return limit("cpu", resource.flatMap(Resource::cpu).map(String::valueOf), Quantity::parse)
                    .or(() -> configured("kubernetes." + name + ".cpu.amount", "kubernetes." + name + ".cpu")
                            .or(() -> Optional.of("1"))
                            .flatMap(Quantity::parse)
                            .map(amount -> amount.multiply(factor("cpu"))));
        }

        Optional<BigDecimal> memory() {
            return limit("memory", resource.flatMap(Resource::memory), Quantity::bytes)
                    .or(() -> configured(name + ".memory.process.size")
                            .flatMap(Quantity::bytes)
                            .map(amount -> amount.multiply(factor("memory"))));
        }

        private Optional<BigDecimal> limit(
                String amount, Optional<String> deprecated, Function<String, Optional<BigDecimal>> parse) {
            var given = resources.filter(ResourceRequirements::hasQuantities);
            var request = given.map(found -> found.requests().get(amount));
            var limit = given.map(found -> found.limits().get(amount));
            if (request.isPresent() && limit.isPresent()) {
                return limit.flatMap(parse);
            }
            var only = given.isPresent() ? request.or(() -> limit) : deprecated;
            return only.flatMap(parse).map(one -> one.multiply(factor(amount)));
        }

        private BigDecimal factor(String amount) {
            return configured("kubernetes." + name + "." + amount + ".limit-factor")
                    .map(String::strip)
                    .map(BigDecimal::new)
                    .orElse(BigDecimal.ONE);
        }

        private Optional<String> configured(String... keys) {
            return Stream.of(keys)
                    .flatMap(key -> config.get(key).stream())
                    .filter(text -> !text.isBlank())
                    .findFirst();
        }
    }
}
