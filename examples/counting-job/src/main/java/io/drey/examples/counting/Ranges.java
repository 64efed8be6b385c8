package io.drey.examples.counting;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A set of numbers that mostly follow each other, written as {@code 1-20,22-30}. */
final class Ranges {
    private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

    /** Adds a number that is not in it. */
    void add(long number) {
        long first = number;
        long last = number;
        var before = lastByFirst.floorEntry(number);
        if (before != null && before.getValue() >= number) {
            throw new IllegalStateException("number " + number + " came twice in one run");
        }
        if (before != null && before.getValue() == number - 1) {
            first = before.getKey();
        }
        var after = lastByFirst.remove(number + 1);
        if (after != null) {
            last = after;
        }
        lastByFirst.put(first, last);
    }

    /** From first to last of each range, in order. */
    static List<Map.Entry<Long, Long>> parse(String text) {
        List<Map.Entry<Long, Long>> ranges = new ArrayList<>();
        for (var range : text.strip().split(",", -1)) {
            int dash = range.indexOf('-');
            if (dash < 1) {
                throw new IllegalArgumentException("'" + range + "' is no range of numbers, as 1-20 is");
            }
            ranges.add(Map.entry(Long.valueOf(range.substring(0, dash)), Long.valueOf(range.substring(dash + 1))));
        }
        return ranges;
    }

    @Override
    public String toString() {
        return lastByFirst.entrySet().stream()
                .map(range -> range.getKey() + "-" + range.getValue())
                .collect(Collectors.joining(","));
    }
}
