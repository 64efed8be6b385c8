package io.drey.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.core.host.PluginHost.Installed;
import io.drey.core.host.PluginHost.Offer;
import io.drey.core.host.PluginWatch.Retry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PluginWatchTest {
    private static final Duration INTERVAL = Duration.ofMillis(20);

    @TempDir
    private Path folder;

    @TempDir
    private Path jars;

    @TempDir
    private Path store;

    private final CallWatch calls = new CallWatch(CallWatch.Limits.within(Duration.ofSeconds(30)));
    private final List<String> told = new CopyOnWriteArrayList<>();
    private PluginHost host;
    private PluginWatch watch;

    private final PluginWatch.Listener listener = new PluginWatch.Listener() {
        @Override
        public void changed(List<Installed> plugins) {
            told.add("changed " + plugins.stream().map(Installed::version).toList());
        }

        @Override
        public void refused(List<PluginProblem> problems) {
            told.add("refused " + problems);
        }
    };

    private void start(Path plugins, Supplier<Offer> offer, List<Path> more, Retry retry) {
        host = new PluginHost(store, "0.1.0", Clock.systemUTC(), calls);
        host.load(new Offer(List.of(plugins), Map.of(), Set.of()));
        watch = new PluginWatch(host, offer, () -> more, listener, INTERVAL, retry);
        watch.start();
    }

    private void start(Path plugins) {
        start(
                plugins,
                () -> new Offer(List.of(plugins), Map.of(), Set.of()),
                List.of(),
                new Retry(Duration.ofMinutes(5), Duration.ofMinutes(5)));
    }

    @AfterEach
    void stop() {
        watch.close();
        host.close();
        calls.close();
    }

    private Path jar(String version) throws IOException {
        return PluginJars.strategy("p", "\"v\"")
                .with("Plugin-Version", version)
                .write(jars.resolve("p-" + version + ".jar"));
    }

    private void awaitTold(String text) {
        await().until(() -> told.stream().anyMatch(line -> line.contains(text)));
        told.clear();
    }

    @Test
    void aJarIsTakenWhenItComesAndGivenUpWhenItGoes() throws IOException {
        Files.copy(jar("1.0.0"), folder.resolve("p.jar"));
        start(folder);

        Files.copy(jar("1.1.0"), folder.resolve("p.jar"), StandardCopyOption.REPLACE_EXISTING);
        awaitTold("changed [1.1.0]");
        Files.delete(folder.resolve("p.jar"));
        awaitTold("changed []");
    }

    @Test
    void aJarThatIsWrittenSlowlyCountsWhenItIsWhole() throws Exception {
        start(folder);
        var whole = Files.readAllBytes(jar("1.0.0"));
        int half = whole.length / 2;
        try (var out = Files.newOutputStream(folder.resolve("p.jar"))) {
            out.write(whole, 0, half);
            out.flush();
            awaitTold("p.jar: it is no complete jar");
            out.write(whole, half, whole.length - half);
        }

        awaitTold("changed [1.0.0]");
    }

    /** As the kubelet exchanges the files of a ConfigMap. */
    @Test
    void aLinkThatLeadsElsewhereIsNoticed() throws IOException {
        var mount = folder.resolve("mount");
        Files.createDirectories(mount.resolve("..1"));
        Files.createDirectories(mount.resolve("..2"));
        Files.copy(jar("1.0.0"), mount.resolve("..1/p.jar"));
        Files.copy(jar("2.0.0"), mount.resolve("..2/p.jar"));
        Files.createSymbolicLink(mount.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(mount.resolve("p.jar"), Path.of("..data/p.jar"));
        start(mount);

        Files.createSymbolicLink(mount.resolve("..tmp"), Path.of("..2"));
        Files.move(mount.resolve("..tmp"), mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

        awaitTold("changed [2.0.0]");
    }

    @Test
    void whatIsRefusedIsToldOnceAndTriedAgain() throws IOException {
        var config = Files.writeString(folder.resolve("config.yaml"), "good");
        Files.copy(jar("1.0.0"), folder.resolve("p.jar"));
        start(
                folder,
                () -> {
                    try {
                        if (Files.readString(config).startsWith("bad")) {
                            throw new IllegalArgumentException("config.yaml: it is bad");
                        }
                    } catch (IOException e) {
                        throw new IllegalArgumentException(e);
                    }
                    return new Offer(List.of(folder), Map.of(), Set.of());
                },
                List.of(config),
                new Retry(Duration.ofMillis(1), Duration.ofMillis(1)));

        Files.writeString(config, "bad");
        await().until(() -> !told.isEmpty());
        var refusals = Arrays.asList("refused [configuration: config.yaml: it is bad. Mend it]");
        Files.copy(jar("1.1.0"), folder.resolve("p.jar"), StandardCopyOption.REPLACE_EXISTING);
        await().during(INTERVAL.multipliedBy(10)).until(() -> told.equals(refusals));
        assertThat(host.installed()).extracting(Installed::version).containsExactly("1.0.0");
        assertThat(watch.refusals()).as("tried many times").isEqualTo(1);
        Files.writeString(config, "good again");
        awaitTold("changed [1.1.0]");
    }
}
