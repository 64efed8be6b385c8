package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.inject.Guice;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.ResourceKind;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.testkit.Simulation;
import java.io.IOException;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The packed jar and what the host shares, and nothing else: is anything missing, and does anything keep it in memory? */
class PackedPluginIT {
    private static final List<String> SHARED = List.of(
            "io.drey.spi.",
            "org.slf4j.",
            "com.google.inject.",
            "jakarta.inject.",
            "org.aopalliance.",
            "com.fasterxml.jackson.",
            "io.fabric8.kubernetes.api.",
            "io.fabric8.kubernetes.model.");

    private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();

    @Test
    void needs_nothing_else_and_leaves_nothing() throws IOException, InterruptedException {
        var loader = compareAndClose();

        for (int i = 0; i < 100 && loader.get() != null; i++) {
            System.gc();
            collected.remove(100);
        }
        assertThat(loader.get()).as("the loader, which something keeps").isNull();
    }

    private WeakReference<ClassLoader> compareAndClose() throws IOException {
        try (var loader =
                new URLClassLoader(new URL[] {jar()}, new Shared(getClass().getClassLoader()))) {
            var entry = loader.loadClass("io.drey.plugin.deployments.DeploymentsPlugin");
            assertThat(entry.getClassLoader()).isSameAs(loader);
            var plugin = (FeaturePlugin) entry.getConstructor().newInstance();
            var kind = kind(plugin);
            var from = kind.read(Simulation.parse(
                    Yaml.session("a") + "  podTemplate: {spec: {containers: [{name: a, env: []}]}}\n"));
            var to = kind.read(
                    Simulation.parse(Yaml.session("a") + "  podTemplate: {spec: {containers: [{name: a}]}}\n"));
            assertThat(kind.specDiff(from, to).changes()).isEmpty();
            return new WeakReference<>(loader, collected);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static ResourceKind<FlinkDeployment> kind(FeaturePlugin plugin) {
        var injector = Guice.createInjector(plugin.module(new Context()));
        return (ResourceKind<FlinkDeployment>) injector.getInstance(Key.get(new TypeLiteral<Set<ResourceKind>>() {}))
                .iterator()
                .next();
    }

    private static URL jar() throws IOException {
        try (Stream<Path> jars = Files.list(Path.of("target"))) {
            return jars.filter(file ->
                            file.getFileName().toString().matches("drey-plugin-deployments-[^-]*(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow()
                    .toUri()
                    .toURL();
        }
    }

    private record Context() implements PluginContext {
        @Override
        public String pluginId() {
            return "deployments";
        }

        @Override
        public String version() {
            return "0.1.0";
        }

        @Override
        public JsonNode configuration() {
            return mapper().createObjectNode();
        }

        @Override
        public ObjectMapper mapper() {
            return new ObjectMapper();
        }

        @Override
        public Clock clock() {
            return Clock.systemUTC();
        }
    }

    /** Shows the host's shared packages only. */
    private static final class Shared extends ClassLoader {
        private final ClassLoader host;

        Shared(ClassLoader host) {
            super(ClassLoader.getPlatformClassLoader());
            this.host = host;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (SHARED.stream().anyMatch(name::startsWith)) {
                return host.loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
