package io.drey.core.host;

import io.drey.spi.resource.ResourceRef;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The resources for which one plugin is not called for a while, since its calls for them were late, overflowed the stack or
 * used up the memory. Each further failure doubles the time. Thread-safe.
 */
final class Quarantine {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final int FREE_TRIES = 1;
    private static final int SWEPT_FROM = 1_000;

    private final Duration longest;
    private final Map<ResourceRef, Entry> entries = new ConcurrentHashMap<>();

    /**
     * @param point where the calls failed
     * @param failures in a row
     * @param until no call before, in nanoseconds of the clock
     * @param inside calls that are past their deadline and have not ended
     */
    private record Entry(String point, int failures, long until, int inside, String why) {}

    /** @param longest the longest time that a resource is quarantined after one more failure */
    Quarantine(Duration longest) {
        this.longest = longest;
    }

    /** Why the plugin is not called for this resource now. */
    Optional<String> refuses(ResourceRef ref) {
        var entry = entries.get(ref);
        return entry != null && active(entry) ? Optional.of(entry.why()) : Optional.empty();
    }

    private static boolean active(Entry entry) {
        return entry.inside() > 0 || entry.failures() > FREE_TRIES && entry.until() - System.nanoTime() > 0;
    }

    /** How many resources the plugin is not called for now. */
    int size() {
        return (int) entries.values().stream().filter(Quarantine::active).count();
    }

    /** A call is past its deadline. */
    void inside(ResourceRef ref, String point, String why) {
        entries.compute(ref, (key, before) -> {
            var entry = before == null ? new Entry(point, 0, System.nanoTime(), 0, why) : before;
            return new Entry(point, entry.failures(), entry.until(), entry.inside() + 1, why);
        });
    }

    /** A call that was past its deadline, or was given up, has come back. */
    void left(ResourceRef ref) {
        entries.computeIfPresent(
                ref,
                (key, entry) -> new Entry(
                        entry.point(), entry.failures(), entry.until(), Math.max(0, entry.inside() - 1), entry.why()));
    }

    /** One more failure. */
    void failed(ResourceRef ref, String point, String why) {
        entries.compute(ref, (key, before) -> {
            int failures = before == null ? 1 : before.failures() + 1;
            return entry(before, point, failures, pause(failures), why);
        });
        sweep();
    }

    /** A failure of which the first one is one too many. */
    void failedBadly(ResourceRef ref, String point, String why) {
        entries.compute(ref, (key, before) -> {
            int failures = before == null ? FREE_TRIES + 1 : Math.max(before.failures(), FREE_TRIES) + 1;
            return entry(before, point, failures, longest, why);
        });
        sweep();
    }

    private static Entry entry(@Nullable Entry before, String point, int failures, Duration pause, String why) {
        var text = failures > FREE_TRIES + 1 ? why + ", " + failures + " times in a row" : why;
        return new Entry(
                point, failures, System.nanoTime() + pause.toNanos(), before == null ? 0 : before.inside(), text);
    }

    private Duration pause(int failures) {
        var pause = FIRST_PAUSE.multipliedBy(1L << Math.clamp(failures - FREE_TRIES - 1, 0, 20));
        return pause.compareTo(longest) < 0 ? pause : longest;
    }

    /** A call ended in time: at the point where others failed it says that it is well again. */
    void inTime(ResourceRef ref, String point) {
        if (!entries.isEmpty()) {
            entries.computeIfPresent(
                    ref, (key, entry) -> entry.point().equals(point) && entry.inside() == 0 ? null : entry);
        }
    }

    /** Resources that are gone. */
    private void sweep() {
        if (entries.size() > SWEPT_FROM) {
            long now = System.nanoTime();
            entries.values().removeIf(entry -> entry.inside() == 0 && now - entry.until() > longest.toNanos());
        }
    }
}
