package io.drey.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts what is packed, the way its users do. */
final class DistributionIT {
    private static final String VERSION = System.getProperty("drey.version");
    private static final Path TARGET = Path.of(System.getProperty("drey.target"));
    private static final Path IMAGE = TARGET.resolve("drey-operator-" + VERSION + ".tar");
    private static final String JAVA_HOME = System.getProperty("java.home");

    private static final Map<String, String> IMAGE_ENVIRONMENT = Map.of(
            "PATH",
            "/opt/drey/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "DREY_HOME",
            "/opt/drey",
            "FLINK_CONF_DIR",
            "/opt/drey/conf");

    private static final String NOBODY = "http://127.0.0.1:1";

    @TempDir
    private static Path unpacked;

    private static Path home;

    @TempDir
    private Path folder;

    private record Result(int code, String output) {}

    @BeforeAll
    static void unpack() throws Exception {
        Processes.run(List.of(
                "tar", "-xzf", TARGET.resolve("drey-" + VERSION + ".tar.gz").toString(), "-C", unpacked.toString()));
        home = unpacked.resolve("drey-" + VERSION);
    }

    @Test
    void the_command_says_its_version_and_nothing_else() throws Exception {
        assertThat(drey("version")).isEqualTo(new Result(0, "drey " + VERSION + "\n"));
    }

    @Test
    void it_starts_through_a_symbolic_link() throws Exception {
        var link = Files.createSymbolicLink(folder.resolve("drey"), home.resolve("bin/drey"));
        assertThat(run(List.of(link.toString(), "version"), Map.of()))
                .isEqualTo(new Result(0, "drey " + VERSION + "\n"));
    }

    @Test
    void flags_for_java_come_from_the_environment() throws Exception {
        var result = run(
                List.of(home.resolve("bin/drey").toString(), "version"),
                Map.of("JVM_ARGS", "-XX:MaxRAMPercentage=33 -XX:+PrintFlagsFinal"));
        assertThat(result.code()).isZero();
        assertThat(result.output())
                .containsPattern("MaxRAMPercentage +(:)?= 33.0")
                .containsPattern("JavaPriority1_To_OSPriority +(:)?= 19")
                // One plugin without memory must not end the process.
                .containsPattern("ExitOnOutOfMemoryError +(:)?= false");
    }

    @Test
    void without_its_own_runtime_it_takes_the_java_of_the_machine() throws Exception {
        var other = withoutRuntime();
        assertThat(run(List.of(other, "version"), Map.of("JAVA_HOME", JAVA_HOME)))
                .isEqualTo(new Result(0, "drey " + VERSION + "\n"));
        var refused = run(List.of(other, "version"), Map.of("JAVA_HOME", "/nowhere"));
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.output()).isEqualTo("""
                drey: Java 25 or newer is needed, and /nowhere/bin/java is not there. Set JAVA_HOME.
                """);
    }

    @Test
    void a_runtime_of_another_system_is_not_used() throws Exception {
        var other = withoutRuntime();
        var java = Path.of(other).resolveSibling("../runtime/bin/java").normalize();
        Files.createDirectories(java.getParent());
        Files.writeString(java, "not for this machine");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        assertThat(run(List.of(other, "version"), Map.of("JAVA_HOME", JAVA_HOME)))
                .isEqualTo(new Result(0, "drey " + VERSION + "\n"));
    }

    @Test
    void all_faults_of_the_plugins_are_listed_and_end_it() throws Exception {
        Files.writeString(folder.resolve("broken.jar"), "not a jar");
        Files.writeString(folder.resolve("empty.jar"), "");
        var result = drey("operator", "--plugins", folder.toString());
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.output()).contains("broken.jar", "empty.jar");
    }

    @Test
    void the_plugins_that_come_along_fit_together() throws Exception {
        var plugins = names(home.resolve("plugins"), Pattern.compile("drey-plugin-([a-z-]+)-\\d.*\\.jar"));
        assertThat(plugins).contains("deployments", "native", "upgrades");
        var features = "features: " + String.join(", ", plugins);

        assertThat(operator(features, Map.of())).contains(features).doesNotContain("WARNING");
    }

    @Test
    void an_API_server_that_does_not_answer_is_named_and_lines_are_JSON_on_demand() throws Exception {
        var output = operator("ConnectException", Map.of("LOG_FORMAT", "json"));

        assertThat(output).contains("API server " + NOBODY, "ConnectException");
        assertThat(output.lines().toList()).allSatisfy(line -> assertThat(line).startsWith("{\"time\":\""));
    }

    @Test
    void a_configuration_that_is_wrong_is_told_as_a_whole() throws Exception {
        var config = Files.writeString(folder.resolve("config.yaml"), """
                kubernetes.operator.reconcile.interval: soon
                kubernetes.operator.health.probe.port: many
                """);

        var result = drey("operator", "--config", config.toString());

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.output())
                .contains("kubernetes.operator.reconcile.interval: found 'soon'", "health.probe.port: found 'many'");
    }

    /** What the operator says until it says this; there is no API server where it is told to look. */
    private String operator(String until, Map<String, String> environment) throws Exception {
        var kubeconfig = Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: nobody
                contexts: [{name: nobody, context: {cluster: nobody, user: nobody}}]
                clusters: [{name: nobody, cluster: {server: "%s"}}]
                users: [{name: nobody, user: {}}]
                """.formatted(NOBODY));
        var output = folder.resolve("output");
        var process = process(
                        List.of(home.resolve("bin/drey").toString(), "operator", "--kubeconfig", kubeconfig.toString()),
                        environment)
                .redirectOutput(output.toFile())
                .start();
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!Files.readString(output).contains(until) && process.isAlive() && System.nanoTime() < end) {
                Thread.sleep(100);
            }
            process.destroy();
            process.waitFor();
            return Files.readString(output);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void every_part_of_the_image_has_the_digest_that_names_it() throws Exception {
        var image = image();
        try (var blobs = Files.list(image.resolve("blobs/sha256"))) {
            for (var blob : blobs.toList()) {
                var digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(blob));
                assertThat(blob.getFileName()).hasToString(HexFormat.of().formatHex(digest));
            }
        }
        assertThat(Files.readString(image.resolve("index.json")))
                .contains("\"io.containerd.image.name\":\"docker.io/library/drey-operator:" + VERSION + "\"");
    }

    @Test
    void the_image_starts_with_nothing_but_what_is_in_it() throws Exception {
        var root = Files.createDirectory(folder.resolve("root"));
        var image = image();
        var layers = Pattern.compile("blobs/sha256/[0-9a-f]{64}")
                .matcher(Files.readString(image.resolve("manifest.json")).replaceFirst(".*\"Layers\"", ""));
        while (layers.find()) {
            Processes.run(List.of("tar", "-xzf", image.resolve(layers.group()).toString(), "-C", root.toString()));
        }
        assertThat(names(root.resolve("opt/drey/plugins"), Pattern.compile("(.*)")))
                .isEqualTo(names(home.resolve("plugins"), Pattern.compile("(.*)")));

        assumeThat(System.getProperty("user.name")).as("chroot needs root").isEqualTo("root");
        // As a container does: no other files, and only /tmp may be written.
        var script = """
                mount --bind "$1" "$1"
                mount -t proc proc "$1/proc"
                mount -t tmpfs tmp "$1/tmp"
                mount -o remount,bind,ro "$1"
                root=$1
                shift
                exec chroot --userspec=9999:9999 "$root" "$@"
                """;
        Processes.run(List.of("chmod", "755", root.toString()));
        var inside = List.of("unshare", "--mount", "sh", "-e", "-c", script, "sh", root.toString());
        var version = new Result(0, "drey " + VERSION + "\n");
        assertThat(run(
                        with(inside, "/opt/drey/runtime/bin/java", "-jar", "/opt/drey/lib/drey.jar", "version"),
                        Map.of()))
                .isEqualTo(version);
        // What kubectl exec finds on the path.
        assertThat(run(with(inside, "drey", "version"), IMAGE_ENVIRONMENT)).isEqualTo(version);
        var plugin = names(root.resolve("opt/drey/plugins"), Pattern.compile("(drey-plugin-validators.*\\.jar)"))
                .getFirst();
        var checked = run(with(inside, "drey", "plugins", "check", "/opt/drey/plugins/" + plugin), IMAGE_ENVIRONMENT);
        assertThat(checked.output()).contains("plugin validators", " fits");
        assertThat(checked.code()).isZero();
    }

    private static List<String> with(List<String> command, String... more) {
        return Stream.concat(command.stream(), Arrays.stream(more)).toList();
    }

    private String withoutRuntime() throws IOException {
        var bin = Files.createDirectories(folder.resolve("other/bin"));
        Files.createSymbolicLink(folder.resolve("other/lib"), home.resolve("lib"));
        return Files.copy(home.resolve("bin/drey"), bin.resolve("drey"), StandardCopyOption.COPY_ATTRIBUTES)
                .toString();
    }

    private Path image() throws Exception {
        assumeThat(IMAGE).as("images are made on Linux").exists();
        var image = Files.createDirectory(folder.resolve("image"));
        Processes.run(List.of("tar", "-xf", IMAGE.toString(), "-C", image.toString()));
        return image;
    }

    private static List<String> names(Path folder, Pattern pattern) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> pattern.matcher(file.getFileName().toString()))
                    .filter(matcher -> matcher.matches())
                    .map(matcher -> matcher.group(1))
                    .sorted()
                    .toList();
        }
    }

    private static Result drey(String... arguments) throws Exception {
        return run(
                Stream.concat(Stream.of(home.resolve("bin/drey").toString()), Arrays.stream(arguments))
                        .toList(),
                Map.of());
    }

    private static Result run(List<String> command, Map<String, String> environment) throws Exception {
        var process = process(command, environment).start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }

    private static ProcessBuilder process(List<String> command, Map<String, String> environment) {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        for (var name : List.of("JAVA_HOME", "JVM_ARGS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "FLINK_CONF_DIR")) {
            builder.environment().remove(name);
        }
        builder.environment().putAll(environment);
        return builder;
    }
}
