package io.drey.spi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is configured about errors. */
class ErrorFormatTest {
    private static final String PREFIX = "kubernetes.operator.exception.";

    private static FlinkConfig config(String key, String value) {
        return FlinkConfig.EMPTY.with(PREFIX + key, value);
    }

    @Test
    @Tag("S036")
    void s036_defaults() {
        assertThat(ErrorFormat.of(FlinkConfig.EMPTY)).isEqualTo(new ErrorFormat(false, 2048, 2048, 2, Map.of()));
    }

    @Test
    void s036_all_of_it_is_read() {
        var config = FlinkConfig.EMPTY
                .with(PREFIX + "stacktrace.enabled", "true")
                .with(PREFIX + "stacktrace.max.length", "300")
                .with(PREFIX + "field.max.length", "200")
                .with(PREFIX + "throwable.list.max.count", "5")
                .with(PREFIX + "label.mapper", "timeout:slow");

        assertThat(ErrorFormat.of(config)).isEqualTo(new ErrorFormat(true, 300, 200, 5, Map.of("timeout", "slow")));
    }

    @Test
    void what_is_malformed_is_as_if_it_was_not_set() {
        assertThat(ErrorFormat.of(config("field.max.length", "long"))).isEqualTo(ErrorFormat.of(FlinkConfig.EMPTY));
        assertThat(ErrorFormat.of(config("label.mapper", "timeout"))).isEqualTo(ErrorFormat.of(FlinkConfig.EMPTY));
    }

    @Test
    void a_status_stays_small_and_its_errors_recognisable_whatever_is_configured() {
        assertThat(ErrorFormat.of(config("field.max.length", "2000000000")).fieldLength())
                .isEqualTo(16_384);
        assertThat(ErrorFormat.of(config("field.max.length", "-1")).fieldLength())
                .isEqualTo(100);
        assertThat(ErrorFormat.of(config("stacktrace.max.length", "2000000000")).stackTraceLength())
                .isEqualTo(16_384);
        assertThat(ErrorFormat.of(config("throwable.list.max.count", "-1")).throwables())
                .isZero();
        assertThat(ErrorFormat.of(config("throwable.list.max.count", "99")).throwables())
                .isEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    a:b                    | a       | b
                    ` a : b , `            | a       | b
                    {a: b}                 | a       | b
                    a:b:c                  | a       | b:c
                    'x{1,3}: y':'l'        | x{1,3}: y | l
                    "x,y":l                | x,y     | l
                    'it''s':l              | it's    | l
                    """)
    @Tag("S037")
    void s037_maps_are_in_the_syntax_of_flink(String text, String key, String value) {
        assertThat(config("label.mapper", text).get(ErrorFormat.LABELS)).isEqualTo(Map.of(key, value));
    }

    @Test
    void s037_labels_stay_in_the_order_of_the_text() {
        assertThat(ErrorFormat.of(config("label.mapper", "z:1,a:2,m:3"))
                        .labels()
                        .keySet())
                .containsExactly("z", "a", "m");
    }

    @Test
    @Tag("S037")
    void s037_labels_may_be_a_tree_of_yaml() {
        assertThat(ErrorFormat.of(config("label.mapper..*full.*", "storage")).labels())
                .isEqualTo(Map.of(".*full.*", "storage"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeout", "a:b,c", "'a:b"})
    void no_maps(String text) {
        assertThatThrownBy(() -> config("label.mapper", text).get(ErrorFormat.LABELS))
                .isInstanceOf(BadConfig.class)
                .hasMessageStartingWith(
                        "kubernetes.operator.exception.label.mapper: found '" + text + "', must be key:");
    }
}
