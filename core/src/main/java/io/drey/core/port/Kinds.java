package io.drey.core.port;

import io.drey.spi.ResourceKind;
import org.jspecify.annotations.Nullable;

/** The kinds of custom resources that are known now: plugins bring them, and plugins come and go. Thread-safe. */
@FunctionalInterface
public interface Kinds {
    /** The kind of this name, if a plugin knows it. */
    @Nullable ResourceKind<?> get(String kind);
}
