package io.drey.spi.fact;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The facts of one pass. Immutable. */
public final class Facts {
    /** No facts. */
    public static final Facts NONE = new Facts(Map.of());

    private final Map<FactType<?>, Reading<?>> readings;

    public Facts(Map<FactType<?>, ? extends Reading<?>> readings) {
        this.readings = Map.copyOf(readings);
    }

    /** What came of looking for this fact. */
    @SuppressWarnings("unchecked")
    public <F> Reading<F> reading(FactType<F> type) {
        var reading = (Reading<F>) readings.get(type);
        return reading == null ? new Reading.NotRead<>() : reading;
    }

    /**
     * The fact.
     *
     * @throws MissingFact when it was not read, or its read failed; let it through
     */
    public <F> F get(FactType<F> type) {
        return find(type).orElseThrow(() -> new MissingFact(type));
    }

    /** The fact, if it is known. */
    public <F> Optional<F> find(FactType<F> type) {
        return reading(type) instanceof Reading.Known<F> known ? Optional.of(known.value()) : Optional.empty();
    }

    /** The fact, if it is known and not older than {@code since}. */
    public <F> Optional<F> find(FactType<F> type, Instant since) {
        return reading(type) instanceof Reading.Known<F> known && !known.at().isBefore(since)
                ? Optional.of(known.value())
                : Optional.empty();
    }

    /** All readings, by type. */
    public Map<FactType<?>, Reading<?>> readings() {
        return readings;
    }

    @Override
    public String toString() {
        return readings.toString();
    }
}
