package io.drey.spi.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.config.OperatorKeys.Entry;
import io.drey.spi.config.OperatorKeys.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of keys, and the page of the reference that is made from it with {@code -Dkeys.write}. */
class OperatorKeysTest {
    private static final Path PAGE = Path.of("../docs/reference/keys.md");
    private static final Path TABLE = Path.of("src/main/java/io/drey/spi/config/OperatorKeys.java");

    @Test
    void eachNameStandsForOneKey() {
        var names = OperatorKeys.table().stream()
                .flatMap(entry -> Stream.concat(Stream.of(entry.key().name()), entry.key().aliases().stream()))
                .toList();

        assertThat(names).doesNotHaveDuplicates();
        assertThat(OperatorKeys.find("kubernetes.operator.reconciler.reschedule.interval"))
                .map(Entry::key)
                .contains(OperatorKeys.RECONCILE_INTERVAL);
    }

    @Test
    void whatIsUnknownIsNamedWithTheNearestKey() {
        assertThat(OperatorKeys.unknown("kubernetes.operator.job.restart.faild"))
                .isTrue();
        assertThat(OperatorKeys.unknown("job.autoscaler.scaling.custom-executor.mine.class"))
                .isFalse();
        assertThat(OperatorKeys.unknown("state.backend.type")).isFalse();
        assertThat(OperatorKeys.nearest("kubernetes.operator.job.restart.faild"))
                .contains("kubernetes.operator.job.restart.failed");
        assertThat(OperatorKeys.nearest("kubernetes.operator.x")).isEmpty();
    }

    /** A key that is written down elsewhere has a second default sooner or later. */
    @Test
    void noKeyIsWrittenDownElsewhere() throws IOException {
        var key = Pattern.compile("\"((?:kubernetes\\.operator|job\\.autoscaler)\\.[a-z.-]*[a-z-])\"");
        List<String> elsewhere = new ArrayList<>();
        for (var root : List.of("src/main/java", "../core/src/main/java", "../plugins")) {
            try (var files = Files.walk(Path.of(root))) {
                for (var file : files.filter(path -> path.toString().endsWith(".java"))
                        .filter(path -> path.toString().contains("src/main/java") && !path.equals(TABLE))
                        .toList()) {
                    var match = key.matcher(Files.readString(file));
                    while (match.find()) {
                        elsewhere.add(file.getFileName() + ": " + match.group(1));
                    }
                }
            }
        }
        assertThat(elsewhere).isEmpty();
    }

    @Test
    void thePageOfTheReferenceIsTheTable() throws IOException {
        var page = page();
        if (System.getProperty("keys.write") != null) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page);
    }

    private static String page() {
        var page = new StringBuilder("""
                # Configuration keys

                Made from the table in the code: `./mvnw -q -pl spi test -Dtest=OperatorKeysTest -Dkeys.write`. How keys are set: [Configuration](../guide/configuration.md).
                *Start* keys are read from the operator's configuration when it starts, *operator* keys at any time; *resource* keys also in `spec.flinkConfiguration`, which wins.

                | Key | Default | Where | |
                | --- | --- | --- | --- |
                """);
        Map<String, Entry> sorted = new TreeMap<>();
        OperatorKeys.table().forEach(entry -> sorted.put(entry.key().name(), entry));
        sorted.values().forEach(entry -> page.append("| ").append(line(entry)).append(" |\n"));
        return page.toString();
    }

    private static String line(Entry entry) {
        var key = entry.key();
        var aliases = key.aliases().isEmpty()
                ? ""
                : key.aliases().stream()
                        .map(alias -> "`" + alias + "`")
                        .collect(Collectors.joining(", ", "Also ", ". "));
        var effect = switch (entry.effect()) {
            case WORKS -> "";
            case LATER -> "No effect yet: comes with " + entry.why() + ".";
            case NEEDLESS -> "No effect: " + entry.why() + ".";
        };
        return String.join(" | ", "`" + key.name() + "`", text(key.fallback()), where(entry.scope()), aliases + effect)
                .strip();
    }

    private static String where(Scope scope) {
        return switch (scope) {
            case START -> "start";
            case OPERATOR -> "operator";
            case RESOURCE -> "resource";
        };
    }

    private static String text(Object value) {
        if (value instanceof Optional<?> optional) {
            return optional.map(OperatorKeysTest::text).orElse("");
        }
        if (value instanceof Duration duration) {
            return duration(duration);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).collect(Collectors.joining(";"));
        }
        return value instanceof Map<?, ?> map && map.isEmpty() ? "" : String.valueOf(value);
    }

    private static String duration(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 60_000 == 0 && millis != 0) {
            return duration.toMinutes() % 60 == 0 && duration.toHours() > 0
                    ? duration.toHours() + " h"
                    : duration.toMinutes() + " min";
        }
        return millis % 1_000 == 0 ? millis / 1_000 + " s" : millis + " ms";
    }
}
