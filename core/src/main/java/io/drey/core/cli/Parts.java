package io.drey.core.cli;

import com.google.inject.spi.ProvisionListener;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be closed of all that was made, in the order in which it was made: each part after those that it needs, so
 * that closing in reverse ends nothing that is still in use. Each part is closed once.
 */
final class Parts implements ProvisionListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    @Override
    public <T> void onProvision(ProvisionInvocation<T> provision) {
        if (provision.provision() instanceof AutoCloseable part) {
            add(part);
        }
    }

    /** Adds a part that was made elsewhere. */
    synchronized void add(AutoCloseable part) {
        if (parts.stream().noneMatch(one -> one == part)) {
            parts.push(part);
        }
    }

    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            var part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("while stopping: {}", e.getMessage());
            }
        }
    }
}
