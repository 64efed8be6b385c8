package io.drey.core.host;

import com.fasterxml.jackson.databind.type.TypeFactory;
import java.beans.Introspector;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes plugins that nobody holds any more, clears away what they left behind, and learns whether they are gone. */
final class Janitor {
    private static final Logger LOG = LoggerFactory.getLogger(Janitor.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final RetiredLoaders retired = new RetiredLoaders();

    /** Unloaded plugins, and whether their class loaders were collected. */
    RetiredLoaders retired() {
        return retired;
    }

    /**
     * Closes a plugin. Waits for it, but not for ever.
     *
     * @param closeables in the order in which they were made
     */
    void close(String id, PluginLoader loader, List<AutoCloseable> closeables) {
        if (!closeables.isEmpty()) {
            closeAll(id, loader, closeables);
        }
        stopThreads(id, loader);
        unregisterBeans(id, loader);
        try {
            loader.close();
        } catch (IOException e) {
            LOG.debug("the jar of plugin {} was not closed: {}", id, e.getMessage());
        }
        TypeFactory.defaultInstance().clearCache();
        Introspector.flushCaches();
        retired.add(id, loader);
    }

    /** On a thread of its own: what a plugin does when it is closed must not hold the host. */
    private static void closeAll(String id, ClassLoader loader, List<AutoCloseable> closeables) {
        var closer = Thread.ofPlatform()
                .name("drey-close-" + id)
                .daemon()
                .inheritInheritableThreadLocals(false)
                .unstarted(() -> {
                    for (int i = closeables.size() - 1; i >= 0; i--) {
                        try {
                            closeables.get(i).close();
                        } catch (Throwable e) {
                            // Also the errors of a plugin: the rest has to be closed all the same.
                            LOG.warn("plugin {} failed when it was closed: {}", id, e.toString());
                        }
                    }
                });
        closer.setContextClassLoader(loader);
        closer.start();
        try {
            if (!closer.join(CLOSE_LIMIT)) {
                LOG.warn("plugin {} does not end within {} s and is left", id, CLOSE_LIMIT.toSeconds());
                closer.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stopThreads(String id, ClassLoader loader) {
        for (var thread : Thread.getAllStackTraces().keySet()) {
            if (thread != Thread.currentThread() && thread.getContextClassLoader() == loader) {
                LOG.warn("plugin {} left thread {} behind, which is interrupted", id, thread.getName());
                thread.interrupt();
            }
        }
    }

    private static void unregisterBeans(String id, ClassLoader loader) {
        var server = ManagementFactory.getPlatformMBeanServer();
        for (var name : server.queryNames(null, null)) {
            try {
                if (server.getClassLoaderFor(name) == loader) {
                    LOG.warn("plugin {} left MBean {} behind, which is removed", id, name);
                    remove(server, name);
                }
            } catch (InstanceNotFoundException e) {
                LOG.trace("{} went by itself", name);
            }
        }
    }

    private static void remove(MBeanServer server, javax.management.ObjectName name) {
        try {
            server.unregisterMBean(name);
        } catch (JMException e) {
            LOG.debug("{} was not removed: {}", name, e.getMessage());
        }
    }
}
