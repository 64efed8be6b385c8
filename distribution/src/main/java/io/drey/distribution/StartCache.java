package io.drey.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** {@code lib/drey.aot}: the classes of a start, loaded and linked ahead of time, by starting the operator once. */
final class StartCache {
    private static final int MINUTES = 3;
    private static final String NOBODY =
            """
            apiVersion: v1
            kind: Config
            current-context: nobody
            clusters: [{name: nobody, cluster: {server: "http://127.0.0.1:1"}}]
            contexts: [{name: nobody, context: {cluster: nobody, user: nobody}}]
            users: [{name: nobody, user: {}}]
            """;

    private final Path home;

    StartCache(Path home) {
        this.home = home;
    }

    /** Makes it, or leaves none behind: starts are slower without, and that is all. */
    void make(Path log) throws IOException, InterruptedException {
        var cache = home.resolve("lib/drey.aot");
        Files.deleteIfExists(cache);
        var kubeconfig = Files.writeString(log.resolveSibling("nobody.yaml"), NOBODY);
        var start = new ProcessBuilder(
                        home.resolve("bin/drey").toString(), "operator", "--kubeconfig", kubeconfig.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        start.environment().put("JVM_ARGS", "-XX:AOTCacheOutput=" + cache + " -Xlog:aot=off -Djava.io.tmpdir="
                + Files.createDirectories(log.resolveSibling("start-cache")));
        start.environment().remove("FLINK_CONF_DIR");
        var process = start.start();
        // It ends by itself: there is no API server at that address.
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        if (!Files.exists(cache)) {
            System.out.println("No cache for fast starts, see " + log);
        }
    }
}
