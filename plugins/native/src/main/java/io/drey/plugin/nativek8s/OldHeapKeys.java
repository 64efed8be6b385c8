package io.drey.plugin.nativek8s;

import static io.drey.spi.resource.FlinkVersion.V2_0;

import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.FlinkVersion;
import java.util.List;
import java.util.Optional;

/**
 * Keys of Flink 1.x for the memory of a process: {@code jobmanager.heap.size} and the like. On Kubernetes they mean the
 * memory of the whole process, where no newer key says how much that is. Flink 2 does not know them.
 */
final class OldHeapKeys {
    private static final List<String> NEWER =
            List.of(".memory.process.size", ".memory.flink.size", ".memory.heap.size", ".memory.task.heap.size");

    private OldHeapKeys() {}

    /** With the newer key in place of an older one that counts. */
    static FlinkConfig renamed(FlinkConfig config, FlinkVersion version) {
        return version.isAtLeast(V2_0) ? config : renamed(renamed(config, "jobmanager"), "taskmanager");
    }

    private static FlinkConfig renamed(FlinkConfig config, String component) {
        var old = amount(config, component);
        if (old.isEmpty()
                || NEWER.stream().anyMatch(key -> config.get(component + key).isPresent())) {
            return config;
        }
        return config.without(component + ".heap.size")
                .without(component + ".heap.mb")
                .with(component + ".memory.process.size", old.get());
    }

    private static Optional<String> amount(FlinkConfig config, String component) {
        return config.get(component + ".heap.size")
                .or(() -> config.get(component + ".heap.mb").map(megabytes -> megabytes.strip() + "m"));
    }
}
