package io.drey.plugin.nativek8s;

import io.drey.spi.resource.FlinkVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.lang3.StringUtils;
import org.apache.flink.configuration.GlobalConfiguration;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.api.Load;

/** Flink's own loader of configuration files, of one release, as its JobManagers run it. */
final class FlinkLoader {
    /** The build puts one folder for each release there. */
    private static final Path RELEASES = Path.of("target/flink-loaders");

    private static final List<Class<?>> SHARED = List.of(LoggerFactory.class, StringUtils.class, Load.class);

    private final FlinkVersion version;
    private final ClassLoader classes;

    private FlinkLoader(FlinkVersion version, ClassLoader classes) {
        this.version = version;
        this.classes = classes;
    }

    /** That of the Flink that renders, and all that the build has fetched. */
    static List<FlinkLoader> all() {
        List<FlinkLoader> all = new ArrayList<>(
                List.of(new FlinkLoader(FlinkVersion.V2_3, GlobalConfiguration.class.getClassLoader())));
        try (var releases = Files.list(RELEASES)) {
            releases.sorted().forEach(release -> all.add(of(release)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static FlinkLoader of(Path release) {
        var numbers = release.getFileName().toString().split("\\.");
        try (var jars = Files.list(release)) {
            var urls = Stream.concat(
                            jars.map(FlinkLoader::url),
                            SHARED.stream()
                                    .map(type -> type.getProtectionDomain()
                                            .getCodeSource()
                                            .getLocation()))
                    .toArray(URL[]::new);
            return new FlinkLoader(
                    new FlinkVersion("v" + numbers[0] + "_" + numbers[1]),
                    new URLClassLoader(urls, ClassLoader.getPlatformClassLoader()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    FlinkVersion version() {
        return version;
    }

    /** What Flink makes of a file in this folder. */
    Loaded load(Path folder) {
        var configuration =
                call(type("GlobalConfiguration"), null, "loadConfiguration", List.of(String.class), folder.toString());
        return new Loaded(configuration);
    }

    /** A configuration of that release. */
    final class Loaded {
        private final Object configuration;

        private Loaded(Object configuration) {
            this.configuration = configuration;
        }

        @SuppressWarnings("unchecked")
        Map<String, String> values() {
            return (Map<String, String>) call(configuration.getClass(), configuration, "toMap", List.of());
        }

        /** The value of a key that is a list of texts. */
        @SuppressWarnings("unchecked")
        List<String> list(String key) {
            var builder = call(type("ConfigOptions"), null, "key", List.of(String.class), key);
            var text = call(builder.getClass(), builder, "stringType", List.of());
            var list = call(text.getClass(), text, "asList", List.of());
            var option = call(list.getClass(), list, "noDefaultValue", List.of());
            return (List<String>)
                    call(configuration.getClass(), configuration, "get", List.of(option.getClass()), option);
        }

        /** Lines of {@code key: value}, which the start scripts of Flink 1.19 and newer read. */
        @SuppressWarnings("unchecked")
        List<String> forScripts() {
            return (List<String>) call(
                    type("ConfigurationUtils"),
                    null,
                    "convertConfigToWritableLines",
                    List.of(configuration.getClass(), boolean.class),
                    configuration,
                    true);
        }
    }

    private Class<?> type(String name) {
        try {
            return classes.loadClass("org.apache.flink.configuration." + name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Object call(
            Class<?> type, Object target, String method, List<Class<?>> parameters, Object... arguments) {
        try {
            var found = type.getMethod(method, parameters.toArray(Class<?>[]::new));
            found.setAccessible(true);
            return found.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String toString() {
        return version.wire();
    }
}
