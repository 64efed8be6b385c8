package io.drey.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables in Markdown. A row that is not part of a table is shown as text with bars. */
class TablesTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final Pattern RULE = Pattern.compile("\\|( *:?-+:? *\\|)+");

    static Stream<Path> documents() throws IOException {
        try (var tree = Files.walk(REPOSITORY)) {
            return tree
                    .filter(file ->
                            file.toString().endsWith(".md") && !file.toString().contains("/target/"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /** Rows without a header above them, and rows with more or fewer cells than their header. */
    private static List<String> broken(List<String> lines) {
        List<String> broken = new ArrayList<>();
        var fenced = false;
        int header = 0;
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            fenced ^= line.startsWith("```");
            if (fenced || !line.startsWith("|")) {
                header = 0;
            } else if (header == 0) {
                header = cells(line);
                if (i + 1 == lines.size() || !RULE.matcher(lines.get(i + 1)).matches()) {
                    broken.add("line " + (i + 1) + " has no header: " + line);
                }
            } else if (cells(line) != header) {
                broken.add("line " + (i + 1) + " has " + cells(line) + " cells, its header " + header + ": " + line);
            }
        }
        return broken;
    }

    private static int cells(String row) {
        return row.strip().replace("\\|", "").split("\\|", -1).length - 2;
    }

    @ParameterizedTest
    @MethodSource("documents")
    void every_row_belongs_to_a_table(Path document) throws IOException {
        assertThat(broken(Files.readAllLines(document))).isEmpty();
    }

    @Test
    void a_row_behind_an_empty_line_and_a_row_with_too_many_cells_are_found() {
        assertThat(broken(List.of("| a | b |", "| --- | --- |", "| 1 | 2 \\| 3 |", "", "| 4 | 5 |")))
                .containsExactly("line 5 has no header: | 4 | 5 |");
        assertThat(broken(List.of("| a |", "| --- |", "| 1 | 2 |")))
                .containsExactly("line 3 has 2 cells, its header 1: | 1 | 2 |");
    }
}
