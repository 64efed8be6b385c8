package io.drey.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnsNameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"..", "a/b", "a%2fb", "a b", "orders?x=1", "-a", "a.", "A", "a..b", "orders\n", "rest.evil@x"})
    void names_that_would_change_a_path_or_a_host_are_refused(String name) {
        assertThatThrownBy(() -> DnsName.SUBDOMAIN.checked("metadata.name", name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("metadata.name: found '" + name + "', must be at most 253 lower case letters");
    }

    @Test
    void a_namespace_has_no_dots_and_at_most_63_characters() {
        assertThat(DnsName.LABEL.checked("metadata.namespace", "a".repeat(63))).hasSize(63);
        assertThat(DnsName.SUBDOMAIN.checked("metadata.name", "a.b-1")).isEqualTo("a.b-1");
        assertThatThrownBy(() -> DnsName.LABEL.checked("metadata.namespace", "a.b"))
                .hasMessageContaining("must be at most 63 lower case letters, digits and '-', with");
        assertThatThrownBy(() -> DnsName.LABEL.checked("metadata.namespace", "a".repeat(64)))
                .hasMessageContaining("must be at most 63");
    }
}
