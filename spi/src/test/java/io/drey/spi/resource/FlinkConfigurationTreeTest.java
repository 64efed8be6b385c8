package io.drey.spi.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class FlinkConfigurationTreeTest {
    private final YAMLMapper yaml = new YAMLMapper();

    @Test
    void joinsKeysAndTakesTheTextOfValues() throws IOException {
        var tree = tree("""
                a: {b: {c: 1}, d.e: true}
                f.g: {h: text}
                i: 0.5
                j:
                k: ""
                """);

        assertThat(tree.flatten())
                .containsExactly(
                        Map.entry("a.b.c", "1"),
                        Map.entry("a.d.e", "true"),
                        Map.entry("f.g.h", "text"),
                        Map.entry("i", "0.5"),
                        Map.entry("j", "null"),
                        Map.entry("k", ""));
    }

    @Test
    void joinsListsWithSemicolonsAndDropsWhatIsEmpty() throws IOException {
        assertThat(tree("{a: [x, 1, true], b: [], c: {}, d: [{e: 1}, [2]]}").flatten())
                .containsExactly(Map.entry("a", "x;1;true"), Map.entry("d", "{\"e\":1};[2]"));
    }

    @Test
    void theLaterOfTwoEqualKeysWins() throws IOException {
        assertThat(tree("{a: {b: 1}, a.b: 2}").flatten()).containsExactly(Map.entry("a.b", "2"));
    }

    /** Null and {} are the same, and so are a tree and its flat form once they are flat. */
    @Test
    @Tag("S098")
    void nullIsEmptyAndShapeDoesNotMatterWhenFlat() throws IOException {
        assertThat(new FlinkConfigurationTree(null)).isEqualTo(FlinkConfigurationTree.EMPTY);
        assertThat(new FlinkConfigurationTree(NullNode.getInstance())).isEqualTo(tree("{}"));
        assertThat(tree("{a: {b: 1}}").flatten()).isEqualTo(tree("{a.b: '1'}").flatten());
        assertThat(tree("{a: {b: 1}}")).isNotEqualTo(tree("{a.b: 1}"));
    }

    @Test
    void aKeyIsSetAndTakenAwayInWhicheverShapeItIsWritten() throws IOException {
        for (var shape :
                List.of("{a: {b: {c: 1}, d: 2}}", "{a.b: {c: 1}, a: {d: 2}}", "{a.b.c: 1, a.d: 2, a: {b.c: 3}}")) {
            assertThat(tree(shape).without("a.b.c").flatten()).isEqualTo(Map.of("a.d", "2"));
            assertThat(tree(shape).with("a.b.c", "4").flatten()).isEqualTo(Map.of("a.d", "2", "a.b.c", "4"));
        }
        assertThat(tree("{a: {b: 1}}").without("a")).isEqualTo(tree("{a: {b: 1}}"));
        assertThat(tree("{a: {b: 1}}").without("a.c")).isEqualTo(tree("{a: {b: 1}}"));
    }

    @Test
    void isMadeFromAFlatMap() {
        assertThat(FlinkConfigurationTree.of(Map.of("a.b", "c")).flatten()).isEqualTo(Map.of("a.b", "c"));
    }

    @Test
    void refusesWhatIsNotAMap() {
        assertThatThrownBy(() -> tree("[1]"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be a map of configuration keys to values, found array");
    }

    private FlinkConfigurationTree tree(String text) throws IOException {
        return new FlinkConfigurationTree(yaml.readValue(text, JsonNode.class));
    }
}
