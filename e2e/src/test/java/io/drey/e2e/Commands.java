package io.drey.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Commands that a user types. */
public final class Commands {
    private static final Path ROOT = root();

    private Commands() {}

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
    public static Path repository() {
        return ROOT;
    }

    /** What came of a command. */
    public record Result(int code, String output) {
        /** The same, if it went well. */
        public Result orFail() {
            if (code != 0) {
                throw new AssertionError("exit " + code + ": " + output);
            }
            return this;
        }
    }

    /**
     * Runs a command.
     *
     * @param input for its standard input; null for none
     * @throws AssertionError when it does not end within the limit
     */
    public static Result execute(Path folder, Duration limit, @Nullable String input, List<String> command) {
        try {
            var log = Files.createTempFile("drey-e2e", ".log");
            var builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            // The node's own, whatever cluster the user works with.
            builder.environment().remove("KUBECONFIG");
            var process = builder.start();
            try (var in = process.getOutputStream()) {
                if (input != null) {
                    in.write(input.getBytes(StandardCharsets.UTF_8));
                }
            }
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
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
