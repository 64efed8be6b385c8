package io.drey.core.host;

import io.drey.spi.Decorator;
import io.drey.spi.Deployer;
import io.drey.spi.config.BadConfig;
import io.drey.spi.fact.MissingFact;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Every call into a plugin goes through here: with the plugin's class loader as the thread's context, its id in the log,
 * and whatever it throws turned into text.
 */
final class Gateway {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    private Gateway() {}

    /** The contribution behind the gateway, as the extension point that it is. */
    static <T> T guard(Class<T> point, T contribution, String pluginId, ClassLoader loader) {
        return point.cast(Proxy.newProxyInstance(
                point.getClassLoader(),
                new Class<?>[] {point},
                (proxy, method, arguments) -> call(point, contribution, pluginId, loader, method, arguments)));
    }

    private static Object call(
            Class<?> point, Object target, String pluginId, ClassLoader loader, Method method, Object[] arguments) {
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try (var plugin = MDC.putCloseable("plugin", pluginId)) {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw translated(point, pluginId, method, e.getCause() == null ? e : e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("extension points are public", e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static RuntimeException translated(Class<?> point, String pluginId, Method method, Throwable thrown) {
        if (thrown instanceof MissingFact missing) {
            return missing;
        }
        if (thrown instanceof VirtualMachineError error && !(thrown instanceof StackOverflowError)) {
            throw error;
        }
        if (thrown instanceof BadConfig || (thrown instanceof IllegalArgumentException && ofTheUser(point))) {
            // What the user wrote cannot be used: the message is for the user, and the kind of error is kept.
            return new IllegalArgumentException(thrown.getMessage());
        }
        LOG.warn("plugin {} failed in {}.{}", pluginId, point.getSimpleName(), method.getName(), thrown);
        return new PluginFailure(
                pluginId,
                point.getSimpleName() + "." + method.getName(),
                thrown.getClass().getSimpleName() + ": " + thrown.getMessage());
    }

    /** Where the SPI says that an IllegalArgumentException is about the resource. Elsewhere it is a bug. */
    private static boolean ofTheUser(Class<?> point) {
        return point == Deployer.class || point == Decorator.class;
    }
}
