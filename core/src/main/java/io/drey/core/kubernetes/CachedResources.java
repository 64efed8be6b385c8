package io.drey.core.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.port.Schedule.Priority;
import io.drey.spi.ResourceKind;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.Metadata;
import io.drey.spi.resource.ResourceRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The resources, each read once per version. Thread-safe, as long as one is not changed by two threads at once. */
final class CachedResources {
    private static final Logger LOG = LoggerFactory.getLogger(CachedResources.class);

    private final Map<ResourceRef, CustomResource> resources = new ConcurrentHashMap<>();

    Optional<CustomResource> get(ResourceRef ref) {
        return Optional.ofNullable(resources.get(ref));
    }

    List<ResourceRef> refs() {
        return List.copyOf(resources.keySet());
    }

    /** Takes in an object, and returns how urgent a pass over it is: not at all if this version is known. */
    Optional<Priority> put(ResourceRef ref, ResourceKind<?> kind, JsonNode object) {
        var before = resources.get(ref);
        if (before != null
                && before.metadata()
                        .resourceVersion()
                        .equals(object.path("metadata").path("resourceVersion").asText())) {
            return Optional.empty();
        }
        try {
            var now = kind.read(object);
            resources.put(ref, now);
            return Optional.of(
                    before == null || edited(before.metadata(), now.metadata()) ? Priority.EDIT : Priority.EVENT);
        } catch (RuntimeException e) {
            // Its owner has to mend it, which makes a new version. Until then nobody may judge it by an older one.
            resources.remove(ref);
            LOG.error("{} cannot be read and is left alone: {}", ref, e.getMessage());
            return before == null ? Optional.empty() : Optional.of(Priority.EDIT);
        }
    }

    private static boolean edited(Metadata before, Metadata now) {
        return !before.uid().equals(now.uid())
                || before.generation() != now.generation()
                || !before.deletionTimestamp().equals(now.deletionTimestamp())
                || !before.finalizers().equals(now.finalizers());
    }

    void remove(ResourceRef ref) {
        resources.remove(ref);
    }
}
