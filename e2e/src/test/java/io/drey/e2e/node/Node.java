package io.drey.e2e.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real node of {@code kube/}, by the commands that a user types. */
final class Node {
    private static final Path ROOT = root();

    private Node() {}

    private static Path root() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("kube")) || !Files.isDirectory(folder.resolve("helm"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("run from inside of the repository");
            }
        }
        return folder;
    }

    /** The repository. */
    static Path repository() {
        return ROOT;
    }

    /** What came of a command. */
    record Result(int code, String output) {
        Result orFail() {
            if (code != 0) {
                throw new AssertionError("exit " + code + ": " + output);
            }
            return this;
        }
    }

    /** A fresh node with nothing on it; images that it knew it still knows. */
    static void fresh() {
        run(Duration.ofMinutes(2), "kube/down");
        run(Duration.ofMinutes(15), "kube/up").orFail();
    }

    /** Runs a command of the repository. */
    static Result run(Duration limit, String... command) {
        return execute(limit, null, command);
    }

    /** {@code kubectl}, with something on its standard input. */
    static Result apply(String yaml) {
        return execute(Duration.ofSeconds(30), yaml, "kube/kubectl", "apply", "-f", "-");
    }

    /** {@code kubectl}; fails when it does. */
    static String kubectl(String... arguments) {
        return tryKubectl(arguments).orFail().output().strip();
    }

    /** {@code kubectl}. */
    static Result tryKubectl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("kube/kubectl"));
        command.addAll(List.of(arguments));
        return execute(Duration.ofMinutes(2), null, command.toArray(String[]::new));
    }

    private static Result execute(Duration limit, @org.jspecify.annotations.Nullable String input, String... command) {
        try {
            var log = Files.createTempFile("drey-e2e", ".log");
            var builder = new ProcessBuilder(command)
                    .directory(ROOT.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.command().set(0, ROOT.resolve(command[0]).toString());
            // The node's own, whatever cluster the user works with.
            builder.environment().remove("KUBECONFIG");
            var process = builder.start();
            try (var in = process.getOutputStream()) {
                if (input != null) {
                    in.write(input.getBytes(StandardCharsets.UTF_8));
                }
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        String.join(" ", command) + " did not end within " + limit + ": " + Files.readString(log));
            }
            var output = Files.readString(log);
            Files.delete(log);
            return new Result(process.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
