package io.drey.core.host;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Class loaders of plugins that were unloaded, until the garbage collector has them. No time tells a leak, since an idle
 * process collects nothing for hours: beside each loader a twin without any content is dropped, and when that is
 * collected and the loader is not, something holds the loader. Thread-safe.
 */
public final class RetiredLoaders {
    private static final Logger LOG = LoggerFactory.getLogger(RetiredLoaders.class);

    /** A thread that was in a pass may hold one for so long. */
    private static final Duration MOMENT = Duration.ofMinutes(1);

    /**
     * @param retired loaders that were dropped since the start
     * @param pending of them, that the garbage collector has not looked at yet
     * @param leaked of them, that something holds
     */
    public record Counts(long retired, long pending, long leaked) {}

    private static final class Pair {
        private final String plugin;
        private final PhantomReference<ClassLoader> loader;
        private final PhantomReference<ClassLoader> twin;
        private Optional<Long> leaksSince = Optional.empty();
        private boolean told;

        Pair(String plugin, ClassLoader loader, ClassLoader twin) {
            this.plugin = plugin;
            // The queue is never read: a reference that is not enqueued could be asked in no other way.
            this.loader = new PhantomReference<>(loader, new ReferenceQueue<>());
            this.twin = new PhantomReference<>(twin, new ReferenceQueue<>());
        }

        boolean gone() {
            return loader.refersTo(null);
        }

        boolean leaks() {
            return !gone() && twin.refersTo(null);
        }
    }

    /** Defines one class and is dropped: a loader without classes is collected in another way. */
    private static final class Twin extends ClassLoader {
        Twin() {
            super("twin", null);
            var bytes = RetiredClass.bytes();
            defineClass(RetiredClass.NAME, bytes, 0, bytes.length);
        }
    }

    private final List<Pair> pairs = new ArrayList<>();
    private long retired;

    synchronized void add(String plugin, ClassLoader loader) {
        retired++;
        pairs.add(new Pair(plugin, loader, new Twin()));
    }

    /** Counts them, and names in the log those that leak, once each. */
    public synchronized Counts look() {
        long leaked = 0;
        for (Iterator<Pair> each = pairs.iterator(); each.hasNext(); ) {
            var pair = each.next();
            if (pair.gone()) {
                each.remove();
            } else if (pair.leaks()) {
                leaked++;
                var since = pair.leaksSince.orElseGet(System::nanoTime);
                pair.leaksSince = Optional.of(since);
                if (!pair.told && System.nanoTime() - since > MOMENT.toNanos()) {
                    pair.told = true;
                    LOG.warn("plugin {} was unloaded, but something holds its classes in memory", pair.plugin);
                }
            }
        }
        return new Counts(retired, pairs.size() - leaked, leaked);
    }
}
