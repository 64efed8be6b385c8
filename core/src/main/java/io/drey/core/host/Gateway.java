package io.drey.core.host;

import io.drey.core.generation.Contribution;
import io.drey.core.port.KubernetesError;
import io.drey.spi.Decorator;
import io.drey.spi.Deployer;
import io.drey.spi.config.BadConfig;
import io.drey.spi.fact.MissingFact;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every call into a plugin goes through here: with the plugin's class loader as the thread's context, its id in the log,
 * and whatever it throws turned into text.
 */
final class Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private Gateway() {}

    /**
     * The contribution behind the gateway, as the extension point that it is, and as {@link Contribution}.
     *
     * @throws PluginFailure when it does not answer what its constants are
     */
    static <T> T guard(Class<T> point, T contribution, PluginCalls calls) {
        var constants = Constants.of(point, method -> call(point, contribution, calls, method, new Object[0]));
        return point.cast(Proxy.newProxyInstance(
                Gateway.class.getClassLoader(),
                new Class<?>[] {point, Contribution.class},
                (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return ofObject(proxy, contribution, method, arguments);
                    }
                    if (method.getDeclaringClass() == Contribution.class) {
                        return calls.id();
                    }
                    return constants.has(method)
                            ? constants.get(method)
                            : call(point, contribution, calls, method, arguments);
                }));
    }

    /** The same object is the same; nothing else is. */
    private static Object ofObject(Object proxy, Object contribution, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> contribution.getClass().getName();
        };
    }

    private static @Nullable Object call(
            Class<?> point, Object target, PluginCalls calls, Method method, Object[] arguments) {
        var name = point.getSimpleName() + "." + method.getName();
        try {
            return calls.call(name, () -> method.invoke(target, arguments));
        } catch (PluginFailure e) {
            throw e;
        } catch (InvocationTargetException e) {
            throw translated(point, calls, name, e.getCause() == null ? e : e.getCause());
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("extension points are public", e);
        }
    }

    private static RuntimeException translated(Class<?> point, PluginCalls calls, String name, Throwable thrown) {
        switch (thrown) {
            case MissingFact missing -> {
                return missing;
            }
            case PluginFailure another -> {
                // Of a plugin that this one has called through the core.
                return another;
            }
            case KubernetesError refused -> {
                return refused;
            }
            case AbandonedCall abandoned -> throw abandoned;
            default -> {}
        }
        switch (thrown) {
            // What the call had is garbage by now.
            case OutOfMemoryError ignored -> calls.outOfMemory(name);
            case StackOverflowError ignored -> calls.overflowed(name);
            case VirtualMachineError error -> throw error;
            default -> {}
        }
        if (thrown instanceof BadConfig || (thrown instanceof IllegalArgumentException && ofTheUser(point, name))) {
            // What the user wrote cannot be used: the message is for the user, and the kind of error is kept.
            return new IllegalArgumentException(thrown.getMessage());
        }
        LOG.warn("plugin {} failed in {}", calls.id(), name, thrown);
        return new PluginFailure(calls.id(), name, thrown.getClass().getSimpleName() + ": " + thrown.getMessage());
    }

    /** Where the SPI says that an IllegalArgumentException is about the resource. Elsewhere it is a bug. */
    private static boolean ofTheUser(Class<?> point, String name) {
        return point == Deployer.class || point == Decorator.class || name.equals("ResourceKind.read");
    }
}
