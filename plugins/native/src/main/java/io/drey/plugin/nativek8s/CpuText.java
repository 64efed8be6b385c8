package io.drey.plugin.nativek8s;

import io.drey.spi.resource.Quantity;
import java.math.BigDecimal;

/** Amounts of CPU in Kubernetes' notation: 0.5, 500m. */
final class CpuText {
    private CpuText() {}

    /** @param field for the message */
    static double parse(String text, String field) {
        return Quantity.parse(text)
                .map(BigDecimal::doubleValue)
                .orElseThrow(() -> new IllegalArgumentException(field + ": found '" + text
                        + "', must be a number of CPUs such as 0.5 or 500m. Write it in one of these forms"));
    }
}
