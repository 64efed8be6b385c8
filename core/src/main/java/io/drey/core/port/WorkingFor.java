package io.drey.core.port;

import io.drey.spi.resource.ResourceRef;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The resource that a thread works for. A plugin that fails meanwhile fails for this resource, and others still call it. One
 * for each thread; to be closed on the same thread.
 */
public final class WorkingFor implements AutoCloseable {
    private static final ThreadLocal<@Nullable ResourceRef> CURRENT = new ThreadLocal<>();

    private final @Nullable ResourceRef before;

    private WorkingFor(@Nullable ResourceRef before) {
        this.before = before;
    }

    /** From now on this thread works for this resource. */
    public static WorkingFor resource(ResourceRef ref) {
        var entered = new WorkingFor(CURRENT.get());
        CURRENT.set(ref);
        return entered;
    }

    /** The resource that this thread works for. */
    public static Optional<ResourceRef> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    @Override
    public void close() {
        if (before == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(before);
        }
    }
}
