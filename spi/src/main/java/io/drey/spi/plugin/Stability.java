package io.drey.spi.plugin;

/** What users may expect of a feature. */
public enum Stability {
    EXPERIMENTAL,
    STABLE,
    DEPRECATED
}
