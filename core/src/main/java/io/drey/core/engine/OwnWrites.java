package io.drey.core.engine;

import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads our own writes: until the informer delivers what we wrote, a pass would see the status from before and be
 * dropped by its live read. Holds nothing for long once the informer has caught up, and is no cache: a version that is not known
 * to be older than ours always wins.
 */
final class OwnWrites {
    private static final Duration JUST_NOW = Duration.ofSeconds(1);

    private record Written(Set<String> older, CustomResource newest, Instant at) {
        boolean isNew(Instant now) {
            return !now.isBefore(at) && now.isBefore(at.plus(JUST_NOW));
        }
    }

    private final Map<ResourceRef, Written> written = new ConcurrentHashMap<>();

    /** The newer one of what the informer has and what we wrote. */
    CustomResource newest(ResourceRef ref, CustomResource cached, Instant now) {
        var ours = written.get(ref);
        if (ours == null) {
            return cached;
        }
        // After an exchange of plugins ours may be of a class that nobody reads any more.
        if (ours.newest().getClass() == cached.getClass()
                && ours.older().contains(cached.metadata().resourceVersion())
                && ours.newest().metadata().uid().equals(cached.metadata().uid())) {
            return ours.newest();
        }
        boolean caughtUp = sameVersion(ours.newest(), cached) && ours.isNew(now);
        written.computeIfPresent(ref, (same, latest) -> {
            if (latest != ours) {
                return latest;
            }
            return caughtUp ? new Written(Set.of(), ours.newest(), ours.at()) : null;
        });
        return cached;
    }

    /** Whether this is what a write of ours made of the resource within the last second, as the API server answered. */
    boolean wroteJustNow(CustomResource resource, Instant now) {
        var ours = written.get(resource.ref());
        return ours != null
                && ours.newest().metadata().uid().equals(resource.metadata().uid())
                && sameVersion(ours.newest(), resource)
                && ours.isNew(now);
    }

    private static boolean sameVersion(CustomResource one, CustomResource other) {
        return one.metadata().resourceVersion().equals(other.metadata().resourceVersion());
    }

    /** Notes that {@code before} became {@code after} by our hand, at a time before the write was sent. */
    void note(CustomResource before, CustomResource after, Instant at) {
        written.compute(after.ref(), (ref, ours) -> {
            Set<String> older = new HashSet<>(Set.of(before.metadata().resourceVersion()));
            if (ours != null && sameVersion(ours.newest(), before)) {
                older.addAll(ours.older());
            }
            older.remove(after.metadata().resourceVersion());
            return new Written(older, after, at);
        });
    }

    /** Forgets a resource that is gone. */
    void forget(ResourceRef ref) {
        written.remove(ref);
    }
}
