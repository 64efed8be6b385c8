package io.drey.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.docs.Catalogue.Chapter;
import io.drey.docs.Catalogue.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioTableTest {
    private static final Path TABLE = Path.of("scenarios.md");

    @Test
    void theTableIsWhatTheTestsSay() throws IOException {
        var table = new ScenarioTable(
                Catalogue.read(Path.of("scenarios.yaml")),
                TaggedTest.in(Path.of("..").toRealPath()));
        if (System.getProperty("scenarios.write") != null) {
            Files.writeString(TABLE, table.markdown());
        }

        assertThat(table.problems()).isEmpty();
        assertThat(TABLE)
                .as("docs/scenarios.md is out of date: ./mvnw -q -pl docs test -Dscenarios.write")
                .hasContent(table.markdown());
    }

    @Test
    void tagsOfMethodsAndClassesAreFound(@TempDir Path repository) throws IOException {
        var file = Path.of("some/src/test/java/SomeTest.java");
        Files.createDirectories(repository.resolve(file).getParent());
        Files.writeString(repository.resolve(file), """
                @Tag("S001")
                class SomeTest {
                    @ParameterizedTest
                    @Tag("S002") @Tag("S003")
                    @CsvSource("void not()")
                    void shows() {
                        var text = "@Tag(\\"S009\\")";
                    }

                    class Inner {
                        @Tag("S004")
                        @Tag("slow")
                        void too() {}
                    }
                }
                """);

        assertThat(TaggedTest.in(repository))
                .containsExactly(
                        new TaggedTest("S001", "", file),
                        new TaggedTest("S002", "shows", file),
                        new TaggedTest("S003", "shows", file),
                        new TaggedTest("S004", "Inner.too", file));
    }

    @Test
    void aScenarioWithoutATestAndATagWithoutAScenarioAreProblems() {
        var catalogue = new Catalogue(List.of(
                new Chapter("Now", Optional.empty(), Map.of("S001", Scenario.of("It works."))),
                new Chapter("Later", Optional.of("autoscaler"), Map.of("S002", Scenario.of("It scales.")))));
        var table = new ScenarioTable(catalogue, List.of(new TaggedTest("S3", "shows", Path.of("SomeTest.java"))));

        assertThat(table.problems())
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem)
                        .containsAnyOf("SomeTest.java: SomeTest shows has the tag S3", "S001 has no test"));
    }

    @Test
    void aRowSaysWhatHappensWhatWeDoInsteadAndWhatShowsIt() {
        var catalogue = new Catalogue(List.of(new Chapter(
                "Deletion",
                Optional.empty(),
                Map.of("S182", new Scenario("It hangs.", Optional.of("It goes."), Optional.empty())))));
        var test = new TaggedTest("S182", "goes", Path.of("some/SomeTest.java"));

        assertThat(new ScenarioTable(catalogue, List.of(test)).markdown()).contains("""
                ## Deletion

                | id | scenario | shown by |
                | --- | --- | --- |
                | S182 | It hangs.<br>**Drey:** It goes. | [SomeTest](../some/SomeTest.java) goes |
                """);
    }
}
