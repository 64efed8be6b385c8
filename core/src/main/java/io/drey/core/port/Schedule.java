package io.drey.core.port;

import io.drey.spi.resource.ResourceRef;

/** Where keys are enqueued from outside of a pass: by informers and by the Flink poller. */
public interface Schedule {
    /** Why a key is due; the lowest is served first. */
    enum Priority {
        EDIT,
        EVENT,
        POLL
    }

    /** Enqueues a key, once however often it is asked. */
    void enqueue(ResourceRef ref, Priority priority);
}
