package io.drey.spi.plugin;

import static java.util.Objects.requireNonNull;

/**
 * A contribution that is switched on and off with a feature. Bound by {@link Contributions}.
 *
 * @param feature its name
 * @param contribution the class that was contributed
 */
public record FeatureMember(String feature, Class<?> contribution) {
    public FeatureMember {
        requireNonNull(feature, "feature");
        requireNonNull(contribution, "contribution");
    }
}
