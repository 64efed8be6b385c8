package io.drey.docs;

import io.drey.docs.Catalogue.Chapter;
import io.drey.docs.Catalogue.Scenario;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code docs/scenarios.md}: each scenario with its tests. */
record ScenarioTable(Catalogue catalogue, List<TaggedTest> tests) {
    private static final String HEAD = """
            # Scenarios

            What users of the Apache Flink Kubernetes Operator rely on, and the tests that show it here. Where Drey does something
            else, it says what and the tests show that. A test names its scenarios: `@Tag("S225")`, so
            `-Dgroups=S225` runs those of one. Made from `scenarios.yaml` and the tests, do not edit:
            `./mvnw -q -pl docs test -Dscenarios.write`.
            """;

    String markdown() {
        var text = new StringBuilder(HEAD);
        for (var chapter : catalogue.chapters()) {
            text.append("\n## ").append(chapter.title()).append("\n\n");
            text.append("| id | scenario | shown by |\n| --- | --- | --- |\n");
            chapter.scenarios()
                    .forEach((id, scenario) -> text.append("| ")
                            .append(id)
                            .append(" | ")
                            .append(scenario.is())
                            .append(scenario.here()
                                    .map(here -> "<br>**Drey:** " + here)
                                    .orElse(""))
                            .append(" | ")
                            .append(shownBy(id, scenario, chapter))
                            .append(" |\n"));
        }
        return text.toString();
    }

    private String shownBy(String id, Scenario scenario, Chapter chapter) {
        Map<String, List<String>> members = new LinkedHashMap<>();
        for (var test : of(id)) {
            var link = "[" + test.type() + "](../" + test.file() + ")";
            members.computeIfAbsent(link, none -> new ArrayList<>()).add(test.member());
        }
        var links = members.entrySet().stream()
                .map(test -> (test.getKey() + " " + String.join(", ", test.getValue())).strip())
                .collect(Collectors.joining("<br>"));
        return links.isEmpty()
                ? chapter.later(scenario).map(feature -> "later: " + feature).orElse("")
                : links;
    }

    private List<TaggedTest> of(String id) {
        return tests.stream().filter(test -> test.scenario().equals(id)).toList();
    }

    /** What somebody has to mend. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        tests.stream()
                .filter(test -> catalogue.chapters().stream()
                        .noneMatch(chapter -> chapter.scenarios().containsKey(test.scenario())))
                .forEach(test -> problems.add(test.file() + ": " + test.type() + " " + test.member() + " has the tag "
                        + test.scenario() + ", and docs/scenarios.yaml has no such scenario"));
        for (var chapter : catalogue.chapters()) {
            for (Map.Entry<String, Scenario> entry : chapter.scenarios().entrySet()) {
                if (chapter.later(entry.getValue()).isEmpty()
                        && of(entry.getKey()).isEmpty()) {
                    problems.add(entry.getKey() + " has no test: tag one with @Tag(\"" + entry.getKey()
                            + "\"), or say in docs/scenarios.yaml with which feature it comes (later)");
                }
            }
        }
        return problems;
    }
}
