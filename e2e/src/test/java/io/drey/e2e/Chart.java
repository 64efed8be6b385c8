package io.drey.e2e;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.drey.core.config.ConfigFile;
import io.drey.core.config.OperatorConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The chart, by the commands of {@code kube/helm}. */
final class Chart {
    static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Path folder;

    /** @param folder for files */
    Chart(Path folder) {
        this.folder = folder;
    }

    /** The output of Helm, errors included. */
    record Rendered(int code, String output) {
        /** The same, if it is manifests. */
        Rendered orFail() {
            if (code != 0) {
                throw new AssertionError("helm ended with " + code + ": " + output);
            }
            return this;
        }

        List<ObjectNode> objects() throws IOException {
            try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(output)) {
                return documents.readAll().stream()
                        .filter(JsonNode::isObject)
                        .map(ObjectNode.class::cast)
                        .toList();
            }
        }

        JsonNode object(String kind, String name) throws IOException {
            return objects().stream()
                    .filter(each -> each.path("kind").asText().equals(kind)
                            && each.at("/metadata/name").asText().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + kind + " " + name + " in " + output));
        }

        /** The only one of a kind. */
        JsonNode only(String kind) throws IOException {
            var found = objects().stream()
                    .filter(each -> each.path("kind").asText().equals(kind))
                    .toList();
            if (found.size() != 1) {
                throw new AssertionError(found.size() + " objects of kind " + kind + " in " + output);
            }
            return found.getFirst();
        }

        JsonNode pod() throws IOException {
            return only("Deployment").at("/spec/template/spec");
        }

        JsonNode operator() throws IOException {
            return pod().at("/containers/0");
        }
    }

    /** As release {@code drey} in the namespace {@code ops}. */
    Rendered render(String values, String... more) throws Exception {
        return renderAs("drey", "ops", values, more);
    }

    Rendered renderAs(String release, String namespace, String values, String... more) throws Exception {
        return helm(Stream.of(
                        Stream.of("template", release, "helm/drey", "--namespace", namespace, "--values", file(values)),
                        Stream.of(more))
                .flatMap(part -> part)
                .toArray(String[]::new));
    }

    /** A file with values. */
    String file(String values) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "values", ".yaml"), values)
                .toString();
    }

    static Rendered helm(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("kube/helm"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .directory(ApiServer.project().toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Rendered(process.waitFor(), output);
    }

    /** A folder with the files of the ConfigMap, as they are in the pod. */
    Path configuration(Rendered rendered) throws IOException {
        var mounted = Files.createTempDirectory(folder, "conf");
        for (var file : rendered.only("ConfigMap").path("data").properties()) {
            Files.writeString(mounted.resolve(file.getKey()), file.getValue().asText());
        }
        return mounted;
    }

    /** The settings that the operator reads of it. */
    OperatorConfig config(Rendered rendered) throws IOException {
        return OperatorConfig.of(ConfigFile.read(configuration(rendered)), Map.of());
    }

    /** A field of each element of a list. */
    static List<String> each(JsonNode list, String field) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(element -> element.path(field).asText())
                .toList();
    }
}
