package io.drey.core.config;

import static java.util.Objects.requireNonNull;

import io.drey.spi.ResourceKind.ConfigRequest;
import io.drey.spi.config.FlinkConfig;
import java.util.Set;
import java.util.TreeSet;

/** Defaults that change while the operator runs. What is deployed keeps what it has; the next change takes the new ones. */
public final class ReloadedFlinkConfigs implements FlinkConfigs {
    private volatile FlinkConfigs current;
    private volatile FlinkConfig defaults;

    public ReloadedFlinkConfigs(FlinkConfig defaults) {
        this.defaults = requireNonNull(defaults);
        this.current = new LayeredFlinkConfigs(defaults);
    }

    /**
     * Takes other defaults.
     *
     * @return the keys that have another value now, or none, or are new
     */
    public synchronized Set<String> take(FlinkConfig now) {
        Set<String> changed = new TreeSet<>(now.values().keySet());
        changed.addAll(defaults.values().keySet());
        changed.removeIf(key -> now.get(key).equals(defaults.get(key)));
        if (!changed.isEmpty()) {
            current = new LayeredFlinkConfigs(now);
            defaults = now;
        }
        return changed;
    }

    @Override
    public FlinkConfig effective(ConfigRequest request, FlinkConfig tenant) {
        return current.effective(request, tenant);
    }
}
