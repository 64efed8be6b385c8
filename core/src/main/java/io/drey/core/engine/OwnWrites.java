package io.drey.core.engine;

import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads our own writes: until the informer delivers what we wrote, a pass would see the status from before and be
 * dropped by its live read. Holds nothing once the informer has caught up, and is no cache: a version that is not known
 * to be older than ours always wins.
 */
final class OwnWrites {
    private record Written(Set<String> older, CustomResource newest) {}

    private final Map<ResourceRef, Written> written = new ConcurrentHashMap<>();

    /** The newer one of what the informer has and what we wrote. */
    CustomResource newest(ResourceRef ref, CustomResource cached) {
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
        written.remove(ref);
        return cached;
    }

    /** Notes that {@code before} became {@code after} by our hand. */
    void note(CustomResource before, CustomResource after) {
        written.compute(after.ref(), (ref, ours) -> {
            Set<String> older = new HashSet<>(Set.of(before.metadata().resourceVersion()));
            if (ours != null
                    && ours.newest()
                            .metadata()
                            .resourceVersion()
                            .equals(before.metadata().resourceVersion())) {
                older.addAll(ours.older());
            }
            older.remove(after.metadata().resourceVersion());
            return new Written(older, after);
        });
    }

    /** Forgets a resource that is gone. */
    void forget(ResourceRef ref) {
        written.remove(ref);
    }
}
