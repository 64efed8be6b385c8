package io.drey.core.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.drey.spi.config.FlinkConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A configuration file: {@code config.yaml}, nested or flat, or the older {@code flink-conf.yaml} with a {@code key:
 * value} on each line.
 *
 * @param flat all keys but those of plugins
 * @param plugins the sections below {@code plugins}
 */
public record ConfigFile(FlinkConfig flat, Map<String, JsonNode> plugins) {
    /** Names of the file in a folder; the first one there is read. */
    public static final List<String> NAMES = List.of("config.yaml", "flink-conf.yaml");

    /** No configuration. */
    public static final ConfigFile EMPTY = new ConfigFile(FlinkConfig.EMPTY, Map.of());

    /** What holds unless a file says otherwise. */
    public static ConfigFile builtIn() {
        try (var in = ConfigFile.class.getResourceAsStream("/io/drey/core/defaults.yaml")) {
            return yaml(
                    new String(requireNonNull(in, "defaults.yaml").readAllBytes(), UTF_8), Path.of("defaults.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With another file laid over this one. */
    public ConfigFile with(ConfigFile over) {
        Map<String, JsonNode> sections = new LinkedHashMap<>(plugins);
        sections.putAll(over.plugins);
        return new ConfigFile(flat.with(over.flat), sections);
    }

    /**
     * Reads a file, or the one in a folder; nothing when the folder has none.
     *
     * @throws IllegalArgumentException when it is no YAML map
     */
    public static ConfigFile read(Path path) {
        if (Files.isDirectory(path)) {
            for (var name : NAMES) {
                if (Files.isRegularFile(path.resolve(name))) {
                    return read(path.resolve(name));
                }
            }
            return EMPTY;
        }
        try {
            return path.getFileName().toString().equals("flink-conf.yaml")
                    ? new ConfigFile(new FlinkConfig(lines(Files.readString(path))), Map.of())
                    : yaml(Files.readString(path), path);
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be read", e);
        }
    }

    private static ConfigFile yaml(String text, Path path) throws IOException {
        JsonNode tree;
        try {
            tree = new ObjectMapper(new YAMLFactory()).readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(path + ": no YAML: " + e.getOriginalMessage(), e);
        }
        if (tree == null || tree.isNull() || tree.isMissingNode()) {
            return EMPTY;
        }
        if (!tree.isObject()) {
            throw new IllegalArgumentException(path + ": must be a map of keys to values");
        }
        Map<String, String> flat = new LinkedHashMap<>();
        Map<String, JsonNode> plugins = new LinkedHashMap<>();
        tree.properties().forEach(entry -> {
            if (entry.getKey().equals("plugins") && entry.getValue().isObject()) {
                entry.getValue().properties().forEach(section -> plugins.put(section.getKey(), section.getValue()));
            } else {
                flatten(entry.getKey(), entry.getValue(), flat);
            }
        });
        return new ConfigFile(new FlinkConfig(flat), plugins);
    }

    private static void flatten(String key, JsonNode value, Map<String, String> flat) {
        if (value.isObject()) {
            value.properties().forEach(entry -> flatten(key + "." + entry.getKey(), entry.getValue(), flat));
        } else if (value.isValueNode() && !value.isNull()) {
            flat.put(key, value.asText());
        } else if (value.isArray() && !value.isEmpty()) {
            var elements = new StringJoiner(";");
            value.forEach(element -> elements.add(element.asText()));
            flat.put(key, elements.toString());
        }
    }

    /** {@code key: value} lines as Flink reads them: no quoting, {@code #} begins a comment. */
    private static Map<String, String> lines(String text) {
        Map<String, String> flat = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            var content = line.split("#", 2)[0].strip();
            int colon = content.indexOf(": ");
            if (colon > 0) {
                flat.put(
                        content.substring(0, colon).strip(),
                        unquoted(content.substring(colon + 2).strip()));
            }
        });
        return flat;
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2
                && (text.startsWith("\"") && text.endsWith("\"") || text.startsWith("'") && text.endsWith("'"));
        return quoted ? text.substring(1, text.length() - 1) : text;
    }
}
