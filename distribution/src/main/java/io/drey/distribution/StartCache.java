package io.drey.distribution;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The classes of a start, linked ahead of time: Java watches one start of the operator, without a cluster, and remembers. */
final class StartCache {
    private static final long START_SECONDS = 60;
    private static final long WRITE_SECONDS = 120;
    private static final String CONFIG = "{kubernetes.operator.health.probe.enabled: false, drey.admin.port: 0}\n";
    private static final String NOBODY = """
        apiVersion: v1
        kind: Config
        current-context: nobody
        contexts: [{name: nobody, context: {cluster: nobody, user: nobody}}]
        clusters: [{name: nobody, cluster: {server: "http://127.0.0.1:1"}}]
        users: [{name: nobody, user: {}}]
        """;

    private final Path home;
    private final Path target;
    private final Path cache;

    StartCache(Path home, Path target) {
        this.home = home;
        this.target = target;
        this.cache = target.resolve("drey.aot");
    }

    /** The file; none, and a line that says so, when it cannot be made: starts are slower then, and that is all. */
    Optional<Path> make() throws IOException, InterruptedException {
        var stamp = target.resolve("drey.aot.made-of");
        var source = contents();
        if (Files.exists(cache)
                && Files.exists(stamp)
                && Files.readString(stamp).equals(source)) {
            return Optional.of(cache);
        }
        Files.deleteIfExists(cache);
        watchOneStart();
        if (!Files.exists(cache)) {
            System.out.println("No cache for fast starts, see " + log());
            return Optional.empty();
        }
        Files.writeString(stamp, source);
        return Optional.of(cache);
    }

    private void watchOneStart() throws IOException, InterruptedException {
        var work = Files.createDirectories(target.resolve("start"));
        var config = Files.writeString(work.resolve("config.yaml"), CONFIG);
        var kubeconfig = Files.writeString(work.resolve("kubeconfig"), NOBODY);
        var builder = new ProcessBuilder(
                        home.resolve("runtime/bin/java").toString(),
                        "-XX:AOTCacheOutput=" + cache,
                        "-Xlog:aot*=off",
                        "-Djava.io.tmpdir=" + work,
                        "-jar",
                        home.resolve("lib/drey.jar").toString(),
                        "operator",
                        "--config",
                        config.toString(),
                        "--kubeconfig",
                        kubeconfig.toString())
                .redirectErrorStream(true)
                .redirectOutput(log().toFile());
        builder.environment().put("DREY_HOME", home.toString());
        List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "FLINK_CONF_DIR").forEach(builder.environment()::remove);
        var process = builder.start();
        // It gets as far as asking the API server, and is told to stop then.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (process.isAlive()
                && System.nanoTime() < end
                && !Files.readString(log()).contains("ConnectException")) {
            Thread.sleep(100);
        }
        process.destroy();
        if (!process.waitFor(WRITE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            Files.deleteIfExists(cache);
        }
    }

    private Path log() {
        return target.resolve("start.log");
    }

    private String contents() throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(Files.readAllBytes(target.resolve("runtime.made-by")));
            try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                for (var folder : List.of("lib", "plugins")) {
                    try (var files = Files.list(home.resolve(folder))) {
                        for (var file : files.sorted().toList()) {
                            out.write(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
                            Files.copy(file, out);
                        }
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
