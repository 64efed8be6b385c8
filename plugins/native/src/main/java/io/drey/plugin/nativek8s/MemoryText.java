package io.drey.plugin.nativek8s;

import io.drey.spi.resource.Quantity;
import java.math.BigDecimal;
import org.apache.flink.configuration.MemorySize;

/** Amounts of memory as Flink has them. */
final class MemoryText {
    private MemoryText() {}

    /** @param field for the message */
    static MemorySize parse(String text, String field) {
        try {
            return Quantity.bytes(text)
                    .filter(bytes -> bytes.signum() >= 0)
                    .map(BigDecimal::longValueExact)
                    .map(MemorySize::new)
                    .orElseThrow(() -> bad(text, field));
        } catch (ArithmeticException e) {
            throw bad(text, field);
        }
    }

    private static IllegalArgumentException bad(String text, String field) {
        return new IllegalArgumentException(field + ": found '" + text
                + "', must be an amount of memory such as 2g, 2048m or 2Gi. Write it in one of these forms");
    }
}
