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
 * dropped by its live read. Holds no resource once the informer has caught up, and is no cache: a version that is not known
 * to be older than ours always wins.
 */
final class OwnWrites {
    private static final Duration JUST_NOW = Duration.ofSeconds(1);

    private record Written(Set<String> older, CustomResource newest) {}

    /** What the API server answered to our last write, which was sent at this time. */
    private record Answered(String uid, String version, Instant sent) {}

    private final Map<ResourceRef, Written> written = new ConcurrentHashMap<>();
    private final Map<ResourceRef, Answered> answered = new ConcurrentHashMap<>();

    /** The newer one of what the informer has and what we wrote. */
    CustomResource newest(ResourceRef ref, CustomResource cached) {
        var ours = written.get(ref);
        if (ours == null) {
            return cached;
        }
        // After an exchange of plugins ours may be of a class that nobody reads any more.
        if (ours.newest().getClass() == cached.getClass()
                && ours.older().contains(version(cached))
                && ours.newest().metadata().uid().equals(cached.metadata().uid())) {
            return ours.newest();
        }
        written.remove(ref);
        return cached;
    }

    /** Whether this version is what the API server answered to a write that we sent less than a second ago. */
    boolean wroteJustNow(CustomResource resource, Instant now) {
        var last = answered.get(resource.ref());
        return last != null
                && last.uid().equals(resource.metadata().uid())
                && last.version().equals(version(resource))
                && !now.isBefore(last.sent())
                && now.isBefore(last.sent().plus(JUST_NOW));
    }

    private static String version(CustomResource resource) {
        return resource.metadata().resourceVersion();
    }

    /** Notes that {@code before} became {@code after} by our hand, which was sent at this time. */
    void note(CustomResource before, CustomResource after, Instant sent) {
        answered.put(after.ref(), new Answered(after.metadata().uid(), version(after), sent));
        written.compute(after.ref(), (ref, ours) -> {
            Set<String> older = new HashSet<>(Set.of(version(before)));
            if (ours != null && version(ours.newest()).equals(version(before))) {
                older.addAll(ours.older());
            }
            older.remove(version(after));
            return new Written(older, after);
        });
    }

    /** Forgets a resource that is gone. */
    void forget(ResourceRef ref) {
        written.remove(ref);
        answered.remove(ref);
    }
}
