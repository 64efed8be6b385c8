package io.drey.plugin.nativek8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.drey.spi.Decorator.PodTemplates;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.Facts;
import io.drey.spi.fact.HighAvailability;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.resource.FlinkConfigurationTree;
import io.drey.spi.resource.ResourceMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Renders the launch of each folder, and compares all objects. Inputs: {@code in-resource.yaml}, and where there are any,
 * {@code in-platform.yaml} (configuration of the operator), {@code in-jobmanager-template.yaml},
 * {@code in-taskmanager-template.yaml}, {@code in-restore.yaml} ({@code path} or {@code highAvailability: [config maps]}).
 * {@code -Dgolden.write=true} writes the outputs anew: read the difference before it is committed.
 */
class GoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private final Rendering rendering = new Rendering(new NativePlugin());

    private final YAMLMapper yaml = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
            .build();

    static List<Path> cases() throws IOException {
        try (var folders = Files.list(GOLDEN)) {
            return folders.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    @Tag("S348")
    void rendersAsWritten(Path folder) throws IOException {
        var files = new TreeMap<String, String>();
        try (Stream<Path> found = Files.list(folder)) {
            for (var file : found.toList()) {
                files.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        var rendered = new LinkedHashMap<String, String>();
        for (var object : render(files)) {
            var name = "out-%d-%s-%s.yaml"
                    .formatted(
                            rendered.size() + 1,
                            object.path("kind").asText().toLowerCase(Locale.ROOT),
                            object.path("metadata").path("name").asText());
            rendered.put(name, yaml.writeValueAsString(object));
        }

        if (Boolean.getBoolean("golden.write")) {
            for (var name : files.keySet()) {
                Files.delete(folder.resolve(name));
            }
            for (var file : rendered.entrySet()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue());
            }
        }
        for (var file : rendered.entrySet()) {
            assertThat(Files.readString(folder.resolve(file.getKey())))
                    .as(folder.resolve(file.getKey()).toString())
                    .isEqualTo(file.getValue());
        }
        files.keySet().removeAll(rendered.keySet());
        assertThat(Boolean.getBoolean("golden.write") ? Map.of() : files)
                .as("files that nothing uses in " + folder)
                .isEmpty();
    }

    /** Takes the inputs out of {@code files}. */
    private List<ObjectNode> render(Map<String, String> files) throws IOException {
        var resource =
                new ResourceMapper().deployment(take(files, "in-resource.yaml").orElseThrow());
        var platform = new FlinkConfig(
                new FlinkConfigurationTree(take(files, "in-platform.yaml").orElse(null)).flatten());
        var templates = new PodTemplates(
                take(files, "in-jobmanager-template.yaml").orElseGet(yaml::createObjectNode),
                take(files, "in-taskmanager-template.yaml").orElseGet(yaml::createObjectNode));
        var restore = take(files, "in-restore.yaml").orElseGet(yaml::createObjectNode);
        if (restore.has("highAvailability")) {
            var maps = new java.util.ArrayList<JsonNode>();
            restore.path("highAvailability").forEach(maps::add);
            var facts = TestSituation.of(resource)
                    .with(HighAvailability.TYPE, new HighAvailability(maps))
                    .facts();
            return rendering.objects(
                    resource, platform, templates, Rendering.operation(Restore.HIGH_AVAILABILITY), facts);
        }
        var from = restore.has("path") ? Restore.path(restore.path("path").asText()) : Restore.NONE;
        return rendering.objects(resource, platform, templates, Rendering.operation(from), Facts.NONE);
    }

    private Optional<ObjectNode> take(Map<String, String> files, String name) throws IOException {
        var text = files.remove(name);
        return text == null
                ? Optional.empty()
                : Optional.of((ObjectNode)
                        new ObjectMapper().readTree(new ObjectMapper().writeValueAsString(yaml.readTree(text))));
    }
}
