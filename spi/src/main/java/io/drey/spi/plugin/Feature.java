package io.drey.spi.plugin;

import static java.util.Objects.requireNonNull;

/**
 * A feature as users switch it on and off.
 *
 * @param name unique in a feature set
 * @param stability what users may expect
 */
public record Feature(String name, Stability stability) {
    public Feature {
        requireNonNull(name, "name");
        requireNonNull(stability, "stability");
    }
}
