package io.drey.core.host;

import java.util.List;

/**
 * The parent of every plugin's class loader: the Java platform, and by an allow-list what the host shares. Nothing else
 * of the host is visible, and none of its resources.
 */
final class SharedClasses extends ClassLoader {
    private static final List<String> SHARED = List.of(
            "io.drey.spi.",
            "org.slf4j.",
            "com.google.inject.",
            "jakarta.inject.",
            "org.aopalliance.",
            "org.jspecify.",
            "org.apache.flink.metrics.",
            "io.fabric8.kubernetes.api.",
            "io.fabric8.kubernetes.model.",
            "com.fasterxml.jackson.");

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader host;

    SharedClasses(ClassLoader host) {
        super("shared", ClassLoader.getPlatformClassLoader());
        this.host = host;
    }

    static boolean shares(String className) {
        return SHARED.stream().anyMatch(className::startsWith);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (shares(name)) {
            return host.loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }
}
