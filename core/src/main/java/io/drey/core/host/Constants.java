package io.drey.core.host;

import io.drey.spi.AdmissionRule;
import io.drey.spi.Decorator;
import io.drey.spi.Deployer;
import io.drey.spi.FactSource;
import io.drey.spi.FeaturePolicy;
import io.drey.spi.Gate;
import io.drey.spi.Proposer;
import io.drey.spi.ResourceKind;
import io.drey.spi.StatusPart;
import io.drey.spi.StepHandler;
import io.drey.spi.UpgradeStrategy;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Methods of extension points whose answer never changes, such as the kinds of a proposer. The host calls each once, when
 * it loads the plugin, and keeps the answer.
 *
 * <p>A pass then learns that a contribution is not for its kind without a call into the plugin, which may be refused.
 */
final class Constants {
    private static final Map<Class<?>, Set<String>> NAMES = Map.ofEntries(
            Map.entry(ResourceKind.class, Set.of("type")),
            Map.entry(FactSource.class, Set.of("factType", "needs")),
            Map.entry(AdmissionRule.class, Set.of("order")),
            Map.entry(Proposer.class, Set.of("kinds", "tier", "cause")),
            Map.entry(UpgradeStrategy.class, Set.of("name")),
            Map.entry(Deployer.class, Set.of("name")),
            Map.entry(Decorator.class, Set.of("phase", "kinds")),
            Map.entry(Gate.class, Set.of("holdsDeletion")),
            Map.entry(StatusPart.class, Set.of("paths")),
            Map.entry(StepHandler.class, Set.of("name")),
            Map.entry(FeaturePolicy.class, Set.of("readsNamespaceLabels")));

    private final Map<Method, @Nullable Object> values = new HashMap<>();

    private Constants() {}

    /** Calls one method of a contribution. */
    @FunctionalInterface
    interface Call {
        @Nullable Object of(Method method);
    }

    /**
     * Reads them all.
     *
     * @throws PluginFailure when the plugin does not answer
     */
    static Constants of(Class<?> point, Call call) {
        var constants = new Constants();
        var names = NAMES.getOrDefault(point, Set.of());
        for (var method : point.getMethods()) {
            if (method.getParameterCount() == 0 && names.contains(method.getName())) {
                var value = call.of(method);
                // A contribution without a name is reported with others of that kind, once they are put together.
                if (value == null && method.getReturnType() != String.class) {
                    throw new IllegalStateException(point.getSimpleName() + "." + method.getName() + " returned null");
                }
                constants.values.put(method, copy(value));
            }
        }
        return constants;
    }

    /** The plugin may change its own collection later. */
    private static @Nullable Object copy(@Nullable Object value) {
        return switch (value) {
            case Set<?> set -> Set.copyOf(set);
            case Collection<?> list -> List.copyOf(list);
            case null -> null;
            default -> value;
        };
    }

    boolean has(Method method) {
        return values.containsKey(method);
    }

    @Nullable Object get(Method method) {
        return values.get(method);
    }
}
