package io.drey.spi.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "1024, 1024",
        "2048m, 2147483648",
        "2 gb, 2147483648",
        "2G, 2147483648",
        "1 kibibytes, 1024",
        "2Gi, 2147483648",
        "1.5 gib, 1610612736",
        "1GIB, 1073741824",
        "1.5k, 1500",
        "1e3, 1000",
        "1P, 1000000000000000",
    })
    void memoryInBytes(String text, BigDecimal bytes) {
        assertThat(Quantity.bytes(text))
                .hasValueSatisfying(found -> assertThat(found).isEqualByComparingTo(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "1x", "lots", "1Gii"})
    void notMemory(String text) {
        assertThat(Quantity.bytes(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"500m, 0.5", "2, 2", ".5, 0.5", "1Ki, 1024", "1E, 1000000000000000000", "1E2, 100", "-1, -1"})
    void quantities(String text, BigDecimal amount) {
        assertThat(Quantity.parse(text))
                .hasValueSatisfying(found -> assertThat(found).isEqualByComparingTo(amount));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.2.3", "2 Gi", "1GB", "some"})
    void notQuantities(String text) {
        assertThat(Quantity.parse(text)).isEmpty();
    }
}
