package io.drey.spi.resource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies that cannot change and, unlike {@code Map.copyOf}, keep the order, which what is written back needs. */
final class Copies {
    static <K, V> Map<K, V> of(@Nullable Map<K, V> map) {
        return map == null || map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
        var copy = new LinkedHashMap<>(map);
        copy.put(key, value);
        return copy;
    }

    static <V> Map<String, V> without(@Nullable Map<String, V> map, String key) {
        var copy = new LinkedHashMap<>(of(map));
        copy.remove(key);
        return copy;
    }

    static <T> List<T> of(@Nullable List<T> list) {
        return list == null || list.isEmpty() ? List.of() : Collections.unmodifiableList(new ArrayList<>(list));
    }

    private Copies() {}
}
