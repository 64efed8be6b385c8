package io.drey.engine;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** How many runs met each move, and what they took. Thread-safe. */
final class Census {
    private final Map<Move, LongAdder> met = new EnumMap<>(Move.class);
    private final LongAdder runs = new LongAdder();
    private final LongAdder passes = new LongAdder();
    private final LongAdder launches = new LongAdder();

    Census() {
        for (var move : Move.values()) {
            met.put(move, new LongAdder());
        }
    }

    void add(Set<Move> moves, int passesOfIt, int launchesOfIt) {
        runs.increment();
        moves.forEach(move -> met.get(move).increment());
        passes.add(passesOfIt);
        launches.add(launchesOfIt);
    }

    long runs() {
        return runs.sum();
    }

    long met(Move move) {
        return met.get(move).sum();
    }

    @Override
    public String toString() {
        return runs + " runs, " + passes + " passes, " + launches + " launches; runs that met each move:\n"
                + met.entrySet().stream()
                        .map(entry -> "%8d %s".formatted(entry.getValue().sum(), entry.getKey()))
                        .collect(Collectors.joining("\n"));
    }
}
