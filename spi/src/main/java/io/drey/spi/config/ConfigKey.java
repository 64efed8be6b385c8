package io.drey.spi.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A configuration key with its type, default and older names.
 *
 * @param name as users write it
 * @param aliases names that are read too, the first one set wins
 * @param fallback the value when none is set
 * @param allowed what is allowed, for messages: "a duration such as 30 s"
 * @param parser throws any RuntimeException for text that is not allowed
 */
public record ConfigKey<T>(String name, List<String> aliases, T fallback, String allowed, Function<String, T> parser) {
    public ConfigKey {
        requireNonNull(name, "name");
        aliases = List.copyOf(aliases);
        requireNonNull(allowed, "allowed");
        requireNonNull(parser, "parser");
    }

    /** {@code true} or {@code false}. */
    public static ConfigKey<Boolean> bool(String name, boolean fallback, String... aliases) {
        return new ConfigKey<>(name, List.of(aliases), fallback, "true or false", text -> {
            var value = text.strip().toLowerCase(Locale.ROOT);
            if (!value.equals("true") && !value.equals("false")) {
                throw new IllegalArgumentException(text);
            }
            return value.equals("true");
        });
    }

    /** A whole number. */
    public static ConfigKey<Integer> integer(String name, int fallback, String... aliases) {
        return new ConfigKey<>(
                name, List.of(aliases), fallback, "a whole number", text -> Integer.valueOf(text.strip()));
    }

    /** A number with or without decimals. */
    public static ConfigKey<Double> decimal(String name, double fallback, String... aliases) {
        return new ConfigKey<>(name, List.of(aliases), fallback, "a number", text -> Double.valueOf(text.strip()));
    }

    /** A duration in Flink's syntax. */
    public static ConfigKey<Duration> duration(String name, Duration fallback, String... aliases) {
        return new ConfigKey<>(
                name, List.of(aliases), fallback, "a duration such as 30 s or 5 min", FlinkDuration::parse);
    }

    /** Text that may be unset. */
    public static ConfigKey<Optional<String>> text(String name, String... aliases) {
        return new ConfigKey<>(name, List.of(aliases), Optional.empty(), "text", Optional::of);
    }

    /** One of an enum's names, in any case. */
    public static <E extends Enum<E>> ConfigKey<E> oneOf(String name, E fallback, String... aliases) {
        var type = fallback.getDeclaringClass();
        var names = Arrays.stream(type.getEnumConstants()).map(Enum::name).collect(Collectors.joining(", "));
        return new ConfigKey<>(
                name,
                List.of(aliases),
                fallback,
                "one of " + names,
                text -> Enum.valueOf(type, text.strip().toUpperCase(Locale.ROOT)));
    }

    /** Keys and values in Flink's syntax, in the order of the text. */
    public static ConfigKey<Map<String, String>> map(String name, String... aliases) {
        return new ConfigKey<>(
                name,
                List.of(aliases),
                Map.of(),
                "key:value pairs with a comma between, and single quotes around what has a comma or colon in it",
                FlinkMap::parse);
    }

    /** The same key, with values of another type. */
    public <S> ConfigKey<S> as(Function<T, S> other) {
        return new ConfigKey<>(name, aliases, other.apply(fallback), allowed, text -> other.apply(parser.apply(text)));
    }

    T read(FlinkConfig config) {
        var text = config.get(name);
        var found = name;
        for (int i = 0; text.isEmpty() && i < aliases.size(); i++) {
            found = aliases.get(i);
            text = config.get(found);
        }
        if (text.isEmpty()) {
            return fallback;
        }
        try {
            return parser.apply(text.get());
        } catch (RuntimeException e) {
            throw new BadConfig(found, text.get(), allowed);
        }
    }
}
