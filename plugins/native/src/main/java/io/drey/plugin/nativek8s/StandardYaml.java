package io.drey.plugin.nativek8s;

import io.drey.spi.config.FlinkConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.flink.client.deployment.application.ApplicationConfiguration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The file of Flink 2.0 and newer: YAML, a tree by the dots of the keys. Carries every text. */
final class StandardYaml {
    private static final DumpSettings SETTINGS = DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setSplitLines(false)
            .setSchema(new CoreSchema())
            .build();

    private static final List<ConfigOption<List<String>>> LISTS =
            List.of(PipelineOptions.JARS, ApplicationConfiguration.APPLICATION_ARGS);

    private StandardYaml() {}

    static String of(FlinkConfig config) {
        refuseOverlaps(config);
        StartScripts.refuseTooManyLines(config);
        Map<String, Object> values = new LinkedHashMap<>();
        config.values()
                .forEach(
                        (key, value) -> values.put(key, StartScripts.read(key) ? StartScripts.unquoted(value) : value));
        var typed = Configuration.fromMap(config.values());
        for (var list : LISTS) {
            typed.getOptional(list).ifPresent(elements -> values.put(list.key(), elements));
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        values.forEach((key, value) -> put(tree, key, value));
        return new Dump(SETTINGS, new Texts()).dumpToString(tree);
    }

    private static void put(Map<String, Object> tree, String key, Object value) {
        var names = key.split("\\.", -1);
        if (key.equals(StartScripts.JAVA_HOME) || List.of(names).contains("")) {
            tree.put(key, value);
            return;
        }
        var branch = tree;
        for (int i = 0; i < names.length - 1; i++) {
            branch = branch(branch, names[i]);
        }
        branch.put(names[names.length - 1], value);
    }

    @SuppressWarnings("unchecked") // Overlaps were refused: what is there is a branch.
    private static Map<String, Object> branch(Map<String, Object> tree, String name) {
        return (Map<String, Object>) tree.computeIfAbsent(name, any -> new LinkedHashMap<String, Object>());
    }

    /** A key that is also the beginning of another has no place in a tree. */
    private static void refuseOverlaps(FlinkConfig config) {
        for (var key : config.values().keySet()) {
            for (int dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.', dot + 1)) {
                var beginning = key.substring(0, dot);
                if (config.get(beginning).isPresent()) {
                    throw new IllegalArgumentException("Overlapping key prefixes detected (" + beginning + " -> " + key
                            + "): found both in the configuration, must be one of them from Flink 2.0 on. "
                            + KeyNames.newer(beginning)
                                    .map(newer -> "Write " + newer + " in place of " + beginning)
                                    .orElse("Remove " + beginning));
                }
            }
        }
    }

    /** Text of more lines goes in double quotes: the block styles change blanks and line breaks at its ends. */
    private static final class Texts extends StandardRepresenter {
        private static final Pattern LINE_BREAK = Pattern.compile("[\\n\\r\\u0085\\u2028\\u2029]");

        Texts() {
            super(SETTINGS);
            representers.put(String.class, text -> {
                var value = text.toString();
                var style = LINE_BREAK.matcher(value).find() ? ScalarStyle.DOUBLE_QUOTED : ScalarStyle.PLAIN;
                return new ScalarNode(Tag.STR, value, style);
            });
        }
    }
}
