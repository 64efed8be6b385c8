package io.drey.spi.config;

/** A configuration value that is not what its key takes. The message names key, what was found, and what is allowed. */
public final class BadConfig extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String key;

    public BadConfig(String key, String found, String allowed) {
        super(key + ": found '" + found + "', must be " + allowed);
        this.key = key;
    }

    /** The key. */
    public String key() {
        return key;
    }
}
