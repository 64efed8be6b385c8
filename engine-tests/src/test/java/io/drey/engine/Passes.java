package io.drey.engine;

import io.drey.core.loop.Requeue;
import io.drey.spi.resource.ResourceRef;
import io.drey.testkit.Crash;
import io.drey.testkit.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The loop around the engine for one resource: a pass when the informers or the poller would report a change, and when the pass
 * before asked for one. Not thread-safe.
 */
final class Passes {
    private static final int HOT = 40;
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

    private final Simulation sim;
    private final ResourceRef ref;
    private Optional<Instant> due = Optional.empty();
    private String seen = "";
    private int failures;
    private int hot;
    private int count;

    Passes(Simulation sim, ResourceRef ref) {
        this.sim = sim;
        this.ref = ref;
    }

    int count() {
        return count;
    }

    /** Whether the loop would run a pass now. */
    boolean wanted() {
        return due.filter(at -> !sim.clock().instant().isBefore(at)).isPresent() || !seen.equals(seen());
    }

    /** An operator that starts runs a pass for each resource. */
    void restarted() {
        due = Optional.of(sim.clock().instant());
        failures = 0;
    }

    /** Informers that lagged report all that they see. */
    void caughtUp() {
        due = Optional.of(sim.clock().instant());
    }

    /**
     * One pass.
     *
     * @throws AssertionError when the pass broke a law
     * @throws Crash when the operator ends in it
     */
    void pass() {
        seen = seen();
        int writes = sim.kubernetes().log().size();
        count++;
        var requeue = sim.pass(ref);
        failures = requeue instanceof Requeue.BackOff ? failures + 1 : 0;
        var delay = delay(requeue);
        due = delay.map(after -> sim.clock().instant().plus(after));
        boolean soon = delay.filter(after -> after.compareTo(Duration.ofMillis(100)) <= 0)
                .isPresent();
        hot = soon && writes == sim.kubernetes().log().size() ? hot + 1 : 0;
        if (hot > HOT) {
            throw new AssertionError("a hot loop: " + sim.status(ref));
        }
    }

    private Optional<Duration> delay(Requeue requeue) {
        return switch (requeue) {
            case Requeue.None none -> Optional.empty();
            case Requeue.After after -> Optional.of(after.delay());
            case Requeue.BackOff backOff -> {
                var grown = FIRST_RETRY.multipliedBy(1L << Math.min(failures, 10));
                yield Optional.of(grown.compareTo(backOff.limit()) < 0 ? grown : backOff.limit());
            }
        };
    }

    /** All that is watched or polled: the resource, its JobManagers, and what they answer. */
    private String seen() {
        var text = new StringBuilder(sim.flink().seen());
        for (var kind : new String[] {ref.kind(), "Deployment", "Pod"}) {
            sim.kubernetes()
                    .peekAll(kind)
                    .forEach(object -> text.append(object.path("metadata")
                                    .path("resourceVersion")
                                    .asText())
                            .append(' '));
        }
        return text.toString();
    }
}
