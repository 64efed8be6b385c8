package io.drey.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.core.cli.DreyVersion;
import io.drey.e2e.Commands;
import io.drey.e2e.Commands.Result;
import io.drey.e2e.Distribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The real node of {@code kube/}, by the commands that a user types. */
final class Node {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Node() {}

    /** The repository. */
    static Path repository() {
        return Commands.repository();
    }

    /** A fresh node with nothing on it; images that it knew it still knows. */
    static void fresh() {
        down();
        run(Duration.ofMinutes(15), "kube/up").orFail();
        // Objects of an earlier run could pass for what a suite is about to make.
        assertThat(kubectl("get", "crds", "-o", "name"))
                .as("CRDs on a fresh node")
                .isEmpty();
        assertThat(kubectl("get", "pods", "-A", "--field-selector=metadata.namespace!=kube-system", "-o", "name"))
                .as("pods on a fresh node")
                .isEmpty();
    }

    /** The image that this build made. */
    static String archive() {
        return Distribution.image().toString();
    }

    /** Gives a node that is up these versions of Flink, the image that this build made, and the CRDs. */
    static void images(String... flink) {
        for (var version : flink) {
            run(Duration.ofMinutes(20), "kube/flink-image", version).orFail();
        }
        run(Duration.ofMinutes(5), "kube/load", archive()).orFail();
        kubectl("apply", "--server-side", "--force-conflicts", "-f", "helm/drey/crds");
    }

    /**
     * Installs that image, or changes what is installed, and waits until the operator is ready.
     *
     * @param values for the chart, YAML
     */
    static void install(String values) throws IOException {
        var file = Files.createTempFile("drey-values", ".yaml");
        Files.writeString(file, values);
        run(
                        Duration.ofMinutes(3),
                        "kube/helm",
                        "upgrade",
                        "--install",
                        "--skip-crds",
                        "drey",
                        "helm/drey",
                        "--set",
                        "image.tag=" + DreyVersion.current(),
                        "--values",
                        file.toString())
                .orFail();
        Files.delete(file);
        kubectl("rollout", "status", "deployment/drey", "--timeout=180s");
    }

    /** Runs a command of the repository, or one of the machine by its path. */
    static Result run(Duration limit, String... command) {
        return execute(limit, null, command);
    }

    /** {@code kubectl}, with something on its standard input. */
    static Result apply(String yaml) {
        return execute(Duration.ofSeconds(30), yaml, "kube/kubectl", "apply", "-f", "-");
    }

    /** Stops the node; what it knew of images stays. Fails if something of the cluster may be left. */
    static void down() {
        run(Duration.ofMinutes(2), "kube/down").orFail();
    }

    /** What {@code kubectl} says with {@code -o json}; fails when it does. */
    static JsonNode json(String... arguments) {
        try {
            return JSON.readTree(kubectl(Stream.concat(Arrays.stream(arguments), Stream.of("-o", "json"))
                    .toArray(String[]::new)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private static Result execute(Duration limit, @Nullable String input, String... command) {
        var program = repository().resolve(command[0]).toString();
        return Commands.execute(
                repository(),
                limit,
                input,
                Stream.concat(Stream.of(program), Arrays.stream(command).skip(1))
                        .toList());
    }
}
