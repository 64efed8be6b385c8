package io.drey.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A real API server with the CRDs of the chart, started once for all test classes of a run, in a folder of its own. With
 * {@code DREY_E2E_KUBECONFIG} the server of that file is used instead, and its CRDs are replaced.
 *
 * <pre>{@code @RegisterExtension static final ApiServer SERVER = new ApiServer();}</pre>
 */
public final class ApiServer implements BeforeAllCallback, AfterEachCallback {
    private static final Namespace STORE = Namespace.create(ApiServer.class);

    private final List<AutoCloseable> ofThisTest = new ArrayList<>();
    private final List<String> namespaces = new ArrayList<>();
    private Running running;

    /** What is started once. */
    private record Running(Path kubeconfig, Config config, KubernetesClient client, Runnable stop)
            implements AutoCloseable {
        @Override
        public void close() {
            client.close();
            stop.run();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        running = context.getRoot().getStore(STORE).computeIfAbsent(Running.class, key -> start(), Running.class);
    }

    private static Running start() {
        var given = System.getenv("DREY_E2E_KUBECONFIG");
        if (given != null && !given.isBlank()) {
            return running(Path.of(given), () -> {});
        }
        try {
            var folder = Files.createTempDirectory("drey-api-");
            run("kube/up", "--control-plane", folder.toString());
            return running(folder.resolve("kubeconfig"), () -> run("kube/down", "--control-plane", folder.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Running running(Path kubeconfig, Runnable stop) {
        var config = new ConfigBuilder(Config.fromKubeconfig(kubeconfig.toFile()))
                .withRequestTimeout(10_000)
                .withConnectionTimeout(5_000)
                .withRequestRetryBackoffLimit(0)
                .build();
        var client = new KubernetesClientBuilder().withConfig(config).build();
        for (var crd : files(project().resolve("helm/drey/crds"))) {
            client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .load(crd.toFile())
                    .forceConflicts()
                    .serverSideApply();
        }
        for (var crd : files(project().resolve("helm/drey/crds"))) {
            client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName(yaml(crd).path("metadata").path("name").asText())
                    .waitUntilCondition(
                            there -> there.getStatus().getConditions().stream()
                                    .anyMatch(condition -> condition.getType().equals("Established")
                                            && condition.getStatus().equals("True")),
                            30,
                            TimeUnit.SECONDS);
        }
        return new Running(kubeconfig, config, client, stop);
    }

    private static void run(String... command) {
        try {
            var log = Files.createTempFile("drey-kube-", ".log");
            var process = new ProcessBuilder(command)
                    .directory(project().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed:\n" + Files.readString(log));
            }
            Files.delete(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The root folder of the project. */
    static Path project() {
        for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isExecutable(folder.resolve("kube/up"))) {
                return folder;
            }
        }
        throw new IllegalStateException("run this from within the project: no kube/up above "
                + Path.of("").toAbsolutePath());
    }

    /** The YAML files of a folder. */
    static List<Path> files(Path folder) {
        try (var entries = Files.list(folder)) {
            return entries.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first document of a file. */
    static JsonNode yaml(Path file) {
        try {
            return new YAMLMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All documents of a text. */
    static List<ObjectNode> documents(String text) {
        try {
            return new YAMLMapper()
                    .readerFor(ObjectNode.class)
                    .<ObjectNode>readValues(text)
                    .readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As administrator. */
    public KubernetesClient client() {
        return running.client();
    }

    /** How the administrator connects; no retries. */
    public Config config() {
        return running.config();
    }

    /** The file with which the administrator connects. */
    public Path kubeconfig() {
        return running.kubeconfig();
    }

    /** A client of another configuration, closed after the test. */
    public KubernetesClient client(Config config) {
        return closing(new KubernetesClientBuilder().withConfig(config).build());
    }

    /** Closes something after the test. */
    public <T extends AutoCloseable> T closing(T resource) {
        ofThisTest.add(resource);
        return resource;
    }

    /** A namespace that is only this test's. */
    public String namespace() {
        var name = "e2e-" + UUID.randomUUID().toString().substring(0, 8);
        client().namespaces()
                .resource(new io.fabric8.kubernetes.api.model.NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        namespaces.add(name);
        return name;
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (var resource : ofThisTest.reversed()) {
            resource.close();
        }
        ofThisTest.clear();
        for (var namespace : namespaces) {
            client().namespaces().withName(namespace).delete();
        }
        namespaces.clear();
    }
}
