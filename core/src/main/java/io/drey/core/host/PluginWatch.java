package io.drey.core.host;

import static java.util.Objects.requireNonNull;

import io.drey.core.host.PluginHost.Offer;
import io.drey.core.integrity.JarSignature;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again whether plugin jars, or files of the configuration, are others than before, and lets the host
 * take what is new. Polls, since file events miss a folder that is mounted anew and a link that leads elsewhere. A jar
 * counts when two looks agree on it, so that one that is being written is not read half.
 */
public final class PluginWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PluginWatch.class);

    /** Is told what came of a change. Must not throw. */
    public interface Listener {
        /** Other plugins than before are at work. */
        void changed(List<PluginHost.Installed> plugins);

        /** What was found is not used, for these reasons. */
        void refused(List<PluginProblem> problems);
    }

    /**
     * When a refused swap is tried again though nothing changed, since the reason may lie elsewhere. Each try loads the
     * plugins and decides for all resources.
     *
     * @param first pause; each one is twice as long as the one before
     * @param longest pause
     */
    public record Retry(Duration first, Duration longest) {
        Duration after(int refusals) {
            var pause = first;
            for (int i = 1; i < refusals && pause.compareTo(longest) < 0; i++) {
                pause = pause.multipliedBy(2);
            }
            return pause.compareTo(longest) < 0 ? pause : longest;
        }
    }

    private final PluginHost host;
    private final Supplier<Offer> offer;
    private final Supplier<List<Path>> more;
    private final Listener listener;
    private final Duration interval;
    private final Retry retry;
    private final Thread thread;
    private List<FileStamp> seen = List.of();
    private List<FileStamp> handled = List.of();
    private final LongAdder refusals = new LongAdder();
    private volatile List<PluginProblem> refused = List.of();
    private Optional<Long> refusedAt = Optional.empty();
    private int refusedInARow;

    /**
     * @param offer what is offered now; throws IllegalArgumentException with what is wrong with the configuration
     * @param more files and folders that the offer is read from, beside the directories of plugins
     * @param interval between two looks
     */
    public PluginWatch(
            PluginHost host,
            Supplier<Offer> offer,
            Supplier<List<Path>> more,
            Listener listener,
            Duration interval,
            Retry retry) {
        this.host = requireNonNull(host);
        this.offer = requireNonNull(offer);
        this.more = requireNonNull(more);
        this.listener = requireNonNull(listener);
        this.interval = requireNonNull(interval);
        this.retry = requireNonNull(retry);
        this.thread = Thread.ofPlatform()
                .name("drey-plugin-watch")
                .daemon()
                .inheritInheritableThreadLocals(false)
                .unstarted(this::watch);
    }

    /** Why what was found last is not at work, be it the configuration or a plugin; empty when it is. */
    public List<PluginProblem> refused() {
        return refused;
    }

    /** How often something was refused since the start. The same, tried again, is once. */
    public long refusals() {
        return refusals.sum();
    }

    /** Starts to look. */
    public void start() {
        thread.start();
    }

    private void watch() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(interval.toMillis());
                turn();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One look, and what follows from it. */
    private void turn() {
        try {
            var now = look();
            boolean rests = now.equals(seen);
            seen = now;
            boolean again = refusedAt
                    .filter(at ->
                            System.nanoTime() - at > retry.after(refusedInARow).toNanos())
                    .isPresent();
            boolean other = !now.equals(handled);
            if (rests && (again || other)) {
                handled = now;
                refusedInARow = other ? 0 : refusedInARow;
                take();
            }
        } catch (RuntimeException e) {
            LOG.error("looking for plugins failed, which is a bug", e);
        }
    }

    private void take() {
        try {
            boolean changed = host.change(offer.get());
            refusedAt = Optional.empty();
            refused = List.of();
            if (changed) {
                listener.changed(host.installed());
            }
        } catch (PluginProblems e) {
            refuse(e.problems());
        } catch (IllegalArgumentException e) {
            refuse(List.of(new PluginProblem("configuration", String.valueOf(e.getMessage()), "Mend it")));
        }
    }

    private void refuse(List<PluginProblem> problems) {
        boolean news = !problems.equals(refused);
        refusedAt = Optional.of(System.nanoTime());
        refusedInARow++;
        refused = List.copyOf(problems);
        if (news) {
            refusals.increment();
            listener.refused(problems);
        }
    }

    private List<FileStamp> look() {
        List<FileStamp> stamps = new ArrayList<>();
        Stream.concat(
                        host.directories().stream()
                                .flatMap(folder -> JarStore.jarsIn(folder).stream())
                                .flatMap(jar -> Stream.of(jar, JarSignature.of(jar))),
                        more.get().stream())
                .map(FileStamp::of)
                .flatMap(Optional::stream)
                .forEach(stamps::add);
        return stamps;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
