package io.drey.core.port;

/** A source of ids that nobody has seen before. */
@FunctionalInterface
public interface Ids {
    /** 32 hex digits. */
    String fresh();
}
