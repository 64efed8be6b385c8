package io.drey.core.engine;

import io.drey.spi.resource.ResourceRef;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Back-off of contributions that run beside an operation, each by itself. In memory only: after a restart each is tried once
 * more. Thread-safe.
 */
final class BackOffs {
    private static final Duration FIRST = Duration.ofSeconds(5);

    /** Failures in a row of one contribution for one resource, and the time of its next try. */
    private record Tries(int failures, Instant next) {}

    private final Duration limit;
    private final Map<ResourceRef, Map<String, Tries>> resources = new ConcurrentHashMap<>();

    /** @param limit the longest time between two tries */
    BackOffs(Duration limit) {
        this.limit = limit;
    }

    /** Contributions that are not tried yet. */
    Set<String> resting(ResourceRef ref, Instant now) {
        return resources.getOrDefault(ref, Map.of()).entrySet().stream()
                .filter(each -> now.isBefore(each.getValue().next()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The time until the next contribution is tried again. */
    Optional<Duration> wake(ResourceRef ref, Instant now) {
        return resources.getOrDefault(ref, Map.of()).values().stream()
                .map(tries -> Duration.between(now, tries.next()))
                .filter(Duration::isPositive)
                .min(Duration::compareTo);
    }

    /** A contribution failed: each failure in a row doubles the time until the next try. */
    void failed(ResourceRef ref, String by, Instant now) {
        resources.compute(ref, (key, before) -> {
            var after = new HashMap<>(before == null ? Map.of() : before);
            int failures = before == null || !before.containsKey(by)
                    ? 1
                    : before.get(by).failures() + 1;
            after.put(by, new Tries(failures, now.plus(delay(failures))));
            return Map.copyOf(after);
        });
    }

    private Duration delay(int failures) {
        var delay = FIRST.multipliedBy(1L << Math.min(failures - 1, 20));
        return delay.compareTo(limit) < 0 ? delay : limit;
    }

    /** A contribution did not fail. */
    void succeeded(ResourceRef ref, String by) {
        resources.computeIfPresent(ref, (key, before) -> {
            if (!before.containsKey(by)) {
                return before;
            }
            var after = new HashMap<>(before);
            after.remove(by);
            return after.isEmpty() ? null : Map.copyOf(after);
        });
    }

    void forget(ResourceRef ref) {
        resources.remove(ref);
    }
}
