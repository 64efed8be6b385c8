package io.drey.plugin.nativek8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.spi.Decorator.PodTemplates;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.Facts;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkVersion;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.ResourceMapper;
import java.io.IOException;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The packed jar, its nested libraries, and nothing else but what the host shares: is anything missing? */
class PackedPluginIT {
    private static final List<String> SHARED = List.of(
            "io.drey.spi.",
            "org.slf4j.",
            "com.google.inject.",
            "jakarta.inject.",
            "org.aopalliance.",
            "com.fasterxml.jackson.",
            "io.fabric8.kubernetes.api.model.",
            "org.apache.flink.metrics.");

    private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();

    @TempDir
    private Path unpacked;

    @Test
    void rendersWithItsOwnLibrariesOnlyAndLeavesNothing() throws IOException, InterruptedException {
        // As in the host, logging is there before any plugin: it would keep the context class loader of its first use.
        LoggerFactory.getLogger(getClass()).debug("started");
        var threads = Thread.getAllStackTraces().keySet();

        var loader = renderAndClose();

        assertThat(Thread.getAllStackTraces().keySet()).as("threads left").isSubsetOf(threads);
        for (int i = 0; i < 100 && loader.get() != null; i++) {
            System.gc();
            collected.remove(100);
        }
        assertThat(loader.get()).as("the loader, which something keeps").isNull();
    }

    private WeakReference<ClassLoader> renderAndClose() throws IOException {
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        try (var loader = new URLClassLoader(urls(), new Shared(getClass().getClassLoader()))) {
            thread.setContextClassLoader(loader);
            var plugin =
                    ServiceLoader.load(FeaturePlugin.class, loader).findFirst().orElseThrow();
            assertThat(plugin.getClass().getClassLoader()).isSameAs(loader);
            var rendering = new Rendering(plugin);
            for (var version : List.of(FlinkVersion.V1_16, FlinkVersion.V2_3)) {
                for (var job : List.of(Optional.<JobSpec>empty(), Optional.of(JobSpec.EMPTY))) {
                    assertThat(render(rendering, version, job)).isEqualTo(5);
                }
            }
            return new WeakReference<>(loader, collected);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static int render(Rendering rendering, FlinkVersion version, Optional<JobSpec> job) {
        var resource = new ResourceMapper().deployment(JsonNodeFactory.instance.objectNode());
        var spec = FlinkDeploymentSpec.EMPTY.toBuilder()
                .flinkVersion(Optional.of(version))
                .job(job.map(present -> present.toBuilder()
                        .args(List.of("--a", "b;c"))
                        .jarURI(Optional.of("local:///job.jar"))
                        .parallelism(2)
                        .build()))
                .build();
        var named = new FlinkDeployment(io.drey.spi.resource.Metadata.of("orders", "basic"), spec, resource.status());
        var config = new FlinkConfig(Map.ofEntries(
                Map.entry("jobmanager.memory.process.size", "1600m"),
                Map.entry("taskmanager.memory.process.size", "1728m"),
                Map.entry("containerized.master.env.A", "b"),
                Map.entry("kubernetes.secrets", "a:/b"),
                Map.entry("kubernetes.env.secretKeyRef", "env:A,secret:s,key:k"),
                Map.entry("kubernetes.jobmanager.tolerations", "key:k,operator:Exists"),
                Map.entry("kubernetes.jobmanager.labels", "a:b"),
                Map.entry("kubernetes.persistent-volume-claims", "a:/c"),
                Map.entry("kubernetes.hadoop.conf.config-map.name", "hadoop")));
        var template = JsonNodeFactory.instance.objectNode();
        template.withObject("/spec").put("nodeName", "n");
        return rendering
                .objects(
                        named,
                        config,
                        new PodTemplates(template, template),
                        Rendering.operation(Restore.NONE),
                        Facts.NONE)
                .size();
    }

    private URL[] urls() throws IOException {
        Path jar;
        try (Stream<Path> jars = Files.list(Path.of("target"))) {
            jar = jars.filter(
                            file -> file.getFileName().toString().matches("drey-plugin-native-[^-]*(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
        var urls = new ArrayList<URL>();
        urls.add(url(jar));
        try (var file = new JarFile(jar.toFile())) {
            for (var entry : file.stream().toList()) {
                if (entry.getName().startsWith("lib/") && entry.getName().endsWith(".jar")) {
                    var library = unpacked.resolve(Path.of(entry.getName()).getFileName());
                    try (var in = file.getInputStream(entry)) {
                        Files.copy(in, library);
                    }
                    urls.add(url(library));
                }
            }
        }
        return urls.toArray(URL[]::new);
    }

    private static URL url(Path file) throws MalformedURLException {
        return file.toUri().toURL();
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
