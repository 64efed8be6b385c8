package io.drey.plugin.nativek8s;

import static io.drey.spi.resource.FlinkVersion.V2_0;
import static java.util.stream.Collectors.joining;

import io.drey.spi.resource.FlinkVersion;
import java.util.List;
import org.apache.flink.configuration.YamlParserUtils;

/** A list as the text of a configuration value: {@code ['a', 'b']} from Flink 2.0 on, {@code a;b} before. */
final class ListText {
    private ListText() {}

    static String of(List<String> elements, FlinkVersion version) {
        return version.isAtLeast(V2_0)
                ? YamlParserUtils.toYAMLString(elements)
                : elements.stream().map(ListText::quoted).collect(joining(";"));
    }

    /** As Flink's splitter reads it: in single quotes, doubled inside, where there is anything to confuse it. */
    private static String quoted(String element) {
        var plain = !element.isEmpty()
                && element.equals(element.strip())
                && element.equals(element.trim())
                && element.chars().noneMatch(c -> c == ';' || c == '\'' || c == '"');
        return plain ? element : "'" + element.replace("'", "''") + "'";
    }
}
