package io.drey.core.host;

import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.Generations.Entered;
import io.drey.core.generation.InForce;
import io.drey.spi.FeaturePolicy.Policy;
import io.drey.spi.FeaturePolicy.Subject;
import io.drey.spi.resource.CustomResource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The set of plugins as one immutable value. Counts its uses: one for being current, and one for each pass in flight;
 * at zero it is drained, and cannot be entered any more.
 */
final class Generation {
    private final int number;
    private final List<LoadedPlugin> plugins;
    private final PluginSets sets;
    private final Consumer<Generation> drained;
    private final AtomicInteger uses = new AtomicInteger(1);

    /** @param drained is told, once, by whoever leaves last */
    Generation(int number, List<LoadedPlugin> plugins, PluginSets sets, Consumer<Generation> drained) {
        this.drained = drained;
        this.number = number;
        this.plugins = List.copyOf(plugins);
        this.sets = sets;
    }

    int number() {
        return number;
    }

    List<LoadedPlugin> plugins() {
        return plugins;
    }

    FeatureSet features() {
        return sets.platform();
    }

    InForce inForce(Subject subject) {
        return sets.inForce(subject);
    }

    List<FeatureState> featureStates(Policy policy) {
        return sets.featureStates(policy);
    }

    /** Whose set a plugin is in. */
    List<String> usersOf(LoadedPlugin plugin) {
        return sets.usersOf(plugin.contributed());
    }

    /** One use more, unless it is drained: a CAS that refuses zero, so that a drained one is never revived. */
    boolean tryEnter() {
        while (true) {
            int now = uses.get();
            if (now == 0) {
                return false;
            }
            if (uses.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** One use less. Returns whether that was the last. */
    boolean leave() {
        boolean last = uses.decrementAndGet() == 0;
        if (last) {
            drained.accept(this);
        }
        return last;
    }

    /** A pass inside. */
    Entered entered() {
        return new Entered() {
            private final AtomicBoolean left = new AtomicBoolean();

            @Override
            public InForce inForce(CustomResource resource, Function<String, Map<String, String>> namespaceLabels) {
                var meta = resource.metadata();
                return sets.inForce(new Subject(
                        resource.ref(),
                        meta.annotations(),
                        sets.readsNamespaceLabels() ? namespaceLabels.apply(meta.namespace()) : Map.of()));
            }

            @Override
            public boolean readsNamespaceLabels() {
                return sets.readsNamespaceLabels();
            }

            @Override
            public FeatureSet platform() {
                return sets.platform();
            }

            @Override
            public Entered again() {
                if (left.get() || !tryEnter()) {
                    throw new IllegalStateException("generation " + number + " was left");
                }
                return entered();
            }

            @Override
            public void close() {
                if (left.compareAndSet(false, true)) {
                    leave();
                }
            }
        };
    }
}
