package io.drey.core.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.core.flink.Projector.Cut;
import io.drey.spi.fact.Projection;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Parts of documents that are kept while the documents are read. */
class ProjectorTest {
    private static Projector.Kept keep(String document, Projection projection) {
        return Projector.keep(document.getBytes(StandardCharsets.UTF_8), projection);
    }

    private static String kept(String document, String... paths) {
        var kept = keep(document, Projection.of(paths));
        assertThat(kept.cut()).isEqualTo(Cut.NOTHING_MISSING);
        return new String(kept.json(), StandardCharsets.UTF_8);
    }

    @Test
    void named_values_are_kept_with_all_below_them_and_nothing_else_is() {
        var document =
                "{\"a\":{\"b\":{\"c\":[1,2.5,null,true,\"x\"]},\"d\":4},\"e\":[{\"f\":5,\"g\":6},{\"f\":7}],\"h\":{}}";

        assertThat(kept(document, "/a/b")).isEqualTo("{\"a\":{\"b\":{\"c\":[1,2.5,null,true,\"x\"]}}}");
        assertThat(kept(document, "/e/*/f")).isEqualTo("{\"e\":[{\"f\":5},{\"f\":7}]}");
        assertThat(kept(document, "/*/d", "/h")).isEqualTo("{\"a\":{\"d\":4},\"e\":[],\"h\":{}}");
        assertThat(kept(document, "")).isEqualTo(document);
        assertThat(kept("[{\"id\":\"x\",\"value\":\"3\",\"y\":0}]", "/*/id", "/*/value"))
                .isEqualTo("[{\"id\":\"x\",\"value\":\"3\"}]");
    }

    @Test
    void a_value_where_more_is_expected_is_null() {
        assertThat(kept("{\"a\":\"text\",\"b\":1}", "/a/b", "/b/c")).isEqualTo("{\"a\":null,\"b\":null}");
    }

    @Test
    void of_long_texts_the_first_lines_are_kept_and_the_others_are_counted() {
        var projection = Projection.of("/t").texts(2, 5);

        assertThat(new String(
                        keep("{\"t\":\"first line\\n\\nsecond\\nthird\\nfourth\\n\"}", projection)
                                .json(),
                        StandardCharsets.UTF_8))
                .isEqualTo("{\"t\":\"first\\nsecon\\n(2 more lines)\"}");
        assertThat(new String(keep("{\"t\":\"one\\ntwo\\n\"}", projection).json(), StandardCharsets.UTF_8))
                .isEqualTo("{\"t\":\"one\\ntwo\\n\"}");
    }

    @Test
    void of_a_document_that_ends_early_or_is_malformed_what_came_before_is_kept() {
        for (var document : new String[] {"{\"a\":1,\"b\":[2,", "{\"a\":1,\"b\":[2,}", "{\"a\":1,\"b\":[2,\"te"}) {
            var kept = keep(document, Projection.of(""));
            assertThat(kept.cut()).isEqualTo(Cut.MALFORMED);
            assertThat(new String(kept.json(), StandardCharsets.UTF_8)).isEqualTo("{\"a\":1,\"b\":[2]}");
        }
        assertThat(Projector.tree(keep("<html>", Projection.of("")).json())).isEmpty();
        assertThat(Projector.tree(keep("", Projection.of("")).json())).isEmpty();
    }

    @Test
    void a_text_that_ends_early_or_has_no_room_costs_what_came_before_nothing() {
        var early = keep("{\"a\":1,\"b\":{\"c\":2,\"d\":\"te", Projection.of(""));
        assertThat(early.cut()).isEqualTo(Cut.MALFORMED);
        assertThat(Projector.tree(early.json()).path("b").path("c").asInt()).isEqualTo(2);

        var full = keep(
                "{\"a\":1,\"b\":{\"c\":2,\"d\":3,\"e\":4}}", Projection.of("").upTo(16));
        assertThat(full.cut()).isEqualTo(Cut.TOO_LARGE);
        assertThat(Projector.tree(full.json()).path("b").path("c").asInt()).isEqualTo(2);
    }

    @Test
    void sixteen_megabytes_of_small_nodes_or_of_one_text_are_no_more_than_the_projection_allows() {
        var nodes = "{\"entries\":[" + "{\"a\":1},".repeat(2_000_000) + "{}]}";
        var kept = keep(nodes, Projection.of("/entries").upTo(10_000));
        assertThat(kept.cut()).isEqualTo(Cut.TOO_LARGE);
        assertThat(kept.json()).hasSizeBetween(9_000, 10_100);
        assertThat(Projector.tree(kept.json()).path("entries").size()).isGreaterThan(1000);

        var others = keep(nodes, Projection.of("/nothing"));
        assertThat(new String(others.json(), StandardCharsets.UTF_8)).isEqualTo("{}");

        var text = keep(
                "{\"t\":\"" + "x".repeat(16_000_000) + "\"}",
                Projection.of("/t").texts(5, 500));
        assertThat(text.json()).hasSizeLessThan(600);

        var many = keep(
                "{\"t\":[" + ("\"" + "y".repeat(400) + "\",").repeat(40_000) + "1]}",
                Projection.of("/t").upTo(10_000));
        assertThat(many.cut()).isEqualTo(Cut.TOO_LARGE);
        assertThat(many.json()).hasSizeLessThan(10_100);
    }

    @Test
    void nesting_without_end_is_malformed() {
        assertThat(keep("[".repeat(1_000_000), Projection.of("")).cut()).isEqualTo(Cut.MALFORMED);
        assertThat(keep("{\"a\":".repeat(1_000_000), Projection.of("/b")).cut()).isEqualTo(Cut.MALFORMED);
    }
}
