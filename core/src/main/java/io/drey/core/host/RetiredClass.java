package io.drey.core.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/** A class without content, to be defined again by another loader. */
final class RetiredClass {
    static final String NAME = RetiredClass.class.getName();

    private RetiredClass() {}

    static byte[] bytes() {
        try (var in = RetiredClass.class.getResourceAsStream("RetiredClass.class")) {
            return Objects.requireNonNull(in, "RetiredClass.class").readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
