package io.drey.plugin.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.FeaturePolicy.PluginSet;
import io.drey.spi.plugin.Section;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A tenant: some namespaces, and what holds in them.
 *
 * @param namespaces of which one must match; names, or patterns with {@code *}
 * @param labels all of which a namespace must have; empty when labels do not matter
 * @param plugins that differ from the platform's
 */
record Tenant(
        String name, List<Pattern> namespaces, Map<String, String> labels, Layer layer, Optional<PluginSet> plugins) {
    static Tenant read(String name, Section section) {
        var namespaces =
                section.texts("namespaces").stream().map(Tenant::pattern).toList();
        var labels = section.map("namespaceLabels");
        if (namespaces.isEmpty() && labels.isEmpty()) {
            section.problem(
                    "namespaces", "it is missing: name namespaces, such as [blue, \"blue-*\"], or set namespaceLabels");
        }
        Map<String, String> versions = new LinkedHashMap<>();
        Map<String, JsonNode> configuration = new LinkedHashMap<>();
        section.sections("plugins").forEach((plugin, own) -> {
            own.text("version").ifPresent(version -> versions.put(plugin, version));
            own.any("configuration").ifPresent(tree -> configuration.put(plugin, tree));
            own.refuseOthers();
        });
        var layer = Layer.read(section);
        section.refuseOthers();
        return new Tenant(
                name,
                namespaces,
                labels,
                layer,
                versions.isEmpty() && configuration.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new PluginSet("tenant " + name, versions, configuration)));
    }

    private static Pattern pattern(String glob) {
        return Pattern.compile(
                Arrays.stream(glob.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
    }

    boolean has(String namespace, Map<String, String> namespaceLabels) {
        return namespaces.stream()
                        .anyMatch(pattern -> pattern.matcher(namespace).matches())
                || (!labels.isEmpty() && namespaceLabels.entrySet().containsAll(labels.entrySet()));
    }
}
