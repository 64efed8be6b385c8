package io.drey.spi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelismOverridesTest {
    private static final String KEY = "pipeline.jobvertex-parallelism-overrides";

    private static Map<String, Integer> of(Map<String, String> values) {
        return ParallelismOverrides.of(new FlinkConfig(values));
    }

    @Test
    void a_map_and_keys_that_begin_with_its_name_are_read_and_the_map_comes_first() {
        assertThat(of(Map.of())).isEmpty();
        assertThat(of(Map.of(KEY, "aa:2, bb:3"))).isEqualTo(Map.of("aa", 2, "bb", 3));
        assertThat(of(Map.of(KEY, "{aa: 2}"))).isEqualTo(Map.of("aa", 2));
        assertThat(of(Map.of(KEY + ".aa", "2", KEY + ".bb", "3"))).isEqualTo(Map.of("aa", 2, "bb", 3));
        assertThat(of(Map.of(KEY, "aa:2", KEY + ".bb", "3"))).isEqualTo(Map.of("aa", 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"aa", "aa:x", "aa:0", "aa:-1"})
    void what_is_no_parallelism_is_told(String text) {
        assertThatThrownBy(() -> of(Map.of(KEY, text)))
                .isInstanceOf(BadConfig.class)
                .hasMessageContaining(KEY);
    }

    @Test
    void what_is_no_parallelism_of_one_vertex_is_told() {
        assertThatThrownBy(() -> of(Map.of(KEY + ".aa", "x")))
                .isInstanceOf(BadConfig.class)
                .hasMessageContaining(KEY);
    }
}
