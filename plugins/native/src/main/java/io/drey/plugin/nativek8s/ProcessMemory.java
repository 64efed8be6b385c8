package io.drey.plugin.nativek8s;

import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.JobManagerSpec;
import io.drey.spi.resource.Resource;
import io.drey.spi.resource.ResourceRequirements;
import io.drey.spi.resource.TaskManagerSpec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;

/** The memory of Flink's processes, as Flink divides it. Refuses amounts that no process would start with. */
final class ProcessMemory {
    /** Nothing works if a process with so many mebibytes does not. */
    private static final long LARGEST = 1 << 20;

    private static final List<String> TOTALS = List.of(".memory.process.size", ".memory.flink.size");

    private final String field;
    private final String prefix;
    private final Function<Configuration, MemorySize> divide;
    private final Function<Configuration, MemorySize> divideWell;

    /**
     * @param prefix of its keys
     * @param divide total memory; throws what Flink throws
     * @param divideWell the same, and throws where the process could not work
     */
    private ProcessMemory(
            String field,
            String prefix,
            Function<Configuration, MemorySize> divide,
            Function<Configuration, MemorySize> divideWell) {
        this.field = field;
        this.prefix = prefix;
        this.divide = divide;
        this.divideWell = divideWell;
    }

    /** Mebibytes of a JobManager's process. */
    static int jobManager(Configuration config, FlinkDeploymentSpec spec) {
        var memory = new ProcessMemory(
                "spec.jobManager",
                "jobmanager",
                tried -> JobManagerProcessUtils.processSpecFromConfig(tried).getTotalProcessMemorySize(),
                ProcessMemory::withHeapToWork);
        return memory.of(
                config,
                spec.jobManager().flatMap(JobManagerSpec::resource),
                spec.jobManager().flatMap(JobManagerSpec::resources));
    }

    /** Mebibytes of a TaskManager's process. */
    static int taskManager(Configuration config, FlinkDeploymentSpec spec) {
        Function<Configuration, MemorySize> divide =
                tried -> TaskExecutorProcessUtils.processSpecFromConfig(tried).getTotalProcessMemorySize();
        return new ProcessMemory("spec.taskManager", "taskmanager", divide, divide)
                .of(
                        config,
                        spec.taskManager().flatMap(TaskManagerSpec::resource),
                        spec.taskManager().flatMap(TaskManagerSpec::resources));
    }

    /** Flink accepts a heap of nearly nothing, with a warning. */
    private static MemorySize withHeapToWork(Configuration config) {
        var jobManager = JobManagerProcessUtils.processSpecFromConfig(config);
        if (jobManager.getJvmHeapMemorySize().compareTo(JobManagerOptions.MIN_JVM_HEAP_SIZE) < 0) {
            throw new IllegalConfigurationException("too small a heap");
        }
        return jobManager.getTotalProcessMemorySize();
    }

    private int of(Configuration config, Optional<Resource> resource, Optional<ResourceRequirements> requirements) {
        try {
            return divide.apply(config).getMebiBytes();
        } catch (IllegalConfigurationException e) {
            throw new IllegalArgumentException(
                    refusal(config, amount(resource, requirements).or(() -> amount(config)), reason(e)));
        }
    }

    /**
     * @param where field or key
     * @param text as the user wrote it
     * @param key that holds it
     */
    private record Amount(String where, String text, String key) {}

    private Optional<Amount> amount(Optional<Resource> resource, Optional<ResourceRequirements> requirements) {
        var present = requirements.filter(ResourceRequirements::hasQuantities);
        if (present.isPresent()) {
            var requests = Optional.ofNullable(present.get().requests().get("memory"))
                    .map(text -> given(".resources.requests.memory", text));
            return requests.or(() -> Optional.ofNullable(present.get().limits().get("memory"))
                    .map(text -> given(".resources.limits.memory", text)));
        }
        return resource.flatMap(Resource::memory).map(text -> given(".resource.memory", text));
    }

    private Amount given(String path, String text) {
        return new Amount(field + path, text, prefix + TOTALS.getFirst());
    }

    private Optional<Amount> amount(Configuration config) {
        return TOTALS.stream()
                .map(total -> prefix + total)
                .flatMap(key -> Stream.ofNullable(config.toMap().get(key)).map(text -> new Amount(key, text, key)))
                .findFirst();
    }

    private String refusal(Configuration config, Optional<Amount> amount, String reason) {
        var least = least(config, amount.map(Amount::key).orElse(prefix + TOTALS.getFirst()));
        var where = amount.map(Amount::where).orElse(field + ".resource.memory");
        var found = where + ": found " + amount.map(Amount::text).orElse("nothing");
        return least.isPresent()
                ? found + ", must be at least " + least.getAsLong() + "m with the other settings as they are. Raise it,"
                        + " or lower the parts of it that " + prefix + ".memory.* sets. Flink refuses it: " + reason
                : found + ", must be what Flink can divide, and no amount is. Mend " + prefix
                        + ".memory.* in spec.flinkConfiguration. Flink refuses it: " + reason;
    }

    private static String reason(IllegalConfigurationException e) {
        var cause = e.getCause() == null ? "" : " " + e.getCause().getMessage();
        return e.getMessage() + cause;
    }

    /** The least mebibytes under this key that a process works with. */
    private OptionalLong least(Configuration config, String key) {
        if (!works(config, key, LARGEST)) {
            return OptionalLong.empty();
        }
        long fails = 0;
        long works = LARGEST;
        while (works - fails > 1) {
            var middle = (works + fails) / 2;
            if (works(config, key, middle)) {
                works = middle;
            } else {
                fails = middle;
            }
        }
        return OptionalLong.of(works);
    }

    private boolean works(Configuration config, String key, long mebibytes) {
        var tried = new Configuration(config);
        tried.setString(key, mebibytes + "m");
        try {
            return divideWell.apply(tried).getBytes() > 0;
        } catch (IllegalConfigurationException e) {
            return false;
        }
    }
}
