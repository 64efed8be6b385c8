package io.drey.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.core.host.PluginJars;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In processes of their own, with a small heap. */
class OutOfMemoryTest {
    private static final String HOARD =
            "var all = new java.util.ArrayList<byte[]>(); while (true) all.add(new byte[1 << 22]);";

    @TempDir
    private Path plugins;

    @TempDir
    private Path store;

    private record Result(int code, String output) {}

    private Result process(String mode) throws Exception {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-Dguice_bytecode_gen_option=DISABLED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OutOfMemoryProcess.class.getName(),
                        mode,
                        plugins.toString(),
                        store.toString())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        var killer = Thread.ofPlatform().daemon().start(() -> {
            try {
                if (!process.waitFor(60, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
            }
        });
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        killer.join();
        return new Result(code, output);
    }

    private void strategy(String id, String body) throws Exception {
        PluginJars.plugin(id, "contributions.strategy(Named.class);")
                .source("p." + id + ".Named", """
                        public final class Named implements io.drey.spi.UpgradeStrategy {
                            public String name() { return "%s"; }
                            public io.drey.spi.plan.Choice choose(io.drey.spi.Situation situation) { %s }
                        }
                        """.formatted(id, body))
                .write(plugins.resolve(id + ".jar"));
    }

    @Test
    void aPluginThatAllocatesWithoutEndFailsItsOwnResourceAndTheOthersAreServed() throws Exception {
        strategy("good", "return null;");
        strategy("bad", HOARD);

        var result = process("plugin");

        assertThat(result.output())
                .contains("bad failed: plugin bad failed in UpgradeStrategy.choose: OutOfMemoryError")
                .contains("bad failed: plugin bad failed in UpgradeStrategy.choose: it is not called, since it used up")
                .contains("good was served 1000 times after that");
        assertThat(result.code()).isZero();
    }

    @Test
    void aThreadOfAPluginDiesAlone() throws Exception {
        strategy("good", "return null;");
        strategy(
                "bad",
                "if (Thread.getAllStackTraces().keySet().stream().noneMatch(t -> t.getName().equals(\"hoarder\"))) new Thread(() -> { "
                        + HOARD + " }, \"hoarder\").start(); return null;");

        var result = process("thread");

        assertThat(result.output())
                .contains("thread hoarder ended", "OutOfMemoryError", "good was served 1000 times after that");
        assertThat(result.code()).isZero();
    }

    @Test
    void theOperatorItselfEndsWithoutMemoryToBeStartedAgain() throws Exception {
        strategy("good", "return null;");
        strategy("bad", "return null;");

        for (var where : List.of("pass", "elsewhere")) {
            var result = process(where);

            assertThat(result.output()).contains("out of memory, so the process ends");
            assertThat(result.code()).isEqualTo(3);
        }
    }
}
