package io.drey.testkit;

import io.drey.core.host.PluginFailure;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Calls into plugins that fail as the gateway tells the engine of it. Constants of a contribution are read once, when its plugin is
 * loaded, and do not fail. Not thread-safe.
 */
public final class PluginFaults {
    /** How a call fails. The engine sees the same kind of failure each time, with another text. */
    public enum Kind {
        THROWS("IllegalStateException: in the test"),
        LATE("it took longer than 5 s"),
        REFUSED("its breaker is open after 5 failures in a row"),
        OUT_OF_MEMORY("OutOfMemoryError: Java heap space");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /** Says which calls fail. */
    public interface Fault {
        /**
         * @param point the simple name of the extension point's interface
         * @param method what is called
         * @param contribution the class of the contribution
         * @return how it fails; empty when it does not
         */
        Optional<Kind> of(String point, String method, String contribution);
    }

    private static final Set<String> CONSTANTS = Set.of(
            "name", "kinds", "tier", "cause", "phase", "factType", "needs", "holdsDeletion", "paths", "type", "rank");

    private Fault fault = (point, method, contribution) -> Optional.empty();

    /** From now on these calls fail. */
    public void fail(Fault which) {
        fault = which;
    }

    /** From now on all calls go well. */
    public void none() {
        fail((point, method, contribution) -> Optional.empty());
    }

    <T> List<T> around(Class<T> point, List<T> contributions) {
        return contributions.stream()
                .map(contribution -> around(point, contribution))
                .toList();
    }

    <T> T around(Class<T> point, T contribution) {
        return point.cast(Proxy.newProxyInstance(
                point.getClassLoader(),
                new Class<?>[] {point},
                (proxy, method, arguments) -> call(point, contribution, proxy, method, arguments)));
    }

    private Object call(Class<?> point, Object contribution, Object proxy, Method method, Object[] arguments)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> contribution.toString();
            };
        }
        if (!CONSTANTS.contains(method.getName())) {
            var name = contribution.toString();
            var kind = fault.of(point.getSimpleName(), method.getName(), name);
            if (kind.isPresent()) {
                throw new PluginFailure("test", point.getSimpleName() + "." + method.getName(), kind.get().text);
            }
        }
        try {
            return method.invoke(contribution, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
