package io.drey.spi.fact;

import static java.util.Objects.requireNonNull;

/**
 * The name of something to know.
 *
 * @param name unique in a feature set, for messages
 * @param type of the value
 */
public record FactType<F>(String name, Class<F> type) {
    public FactType {
        requireNonNull(name, "name");
        requireNonNull(type, "type");
    }

    @Override
    public String toString() {
        return name;
    }
}
