package io.drey.spi.fact;

/**
 * A decision needs a fact that was not read. The engine reads it and decides again; if the read failed, the pass starts
 * nothing. Not an error: thrown by {@link Facts#get} and to be let through.
 */
public final class MissingFact extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient FactType<?> type;

    public MissingFact(FactType<?> type) {
        super("fact not read: " + type.name(), null, false, false);
        this.type = type;
    }

    /** What is missing. */
    public FactType<?> type() {
        return type;
    }
}
