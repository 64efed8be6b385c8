package io.drey.plugin.listeners;

import com.google.inject.Inject;
import io.drey.spi.Listener;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** Sends what happened to HTTP endpoints, on a thread for each. Closed when the plugin is unloaded. */
final class Webhooks implements Listener, AutoCloseable {
    /** How long closing may take for what is still to be sent. */
    private static final Duration LAST_TRIES = Duration.ofSeconds(2);

    private record Target(Endpoint endpoint, Deliveries deliveries) {}

    private final List<Target> targets;
    private final Clock clock;

    @Inject
    Webhooks(ListenersConfig config, RandomGenerator random, Clock clock) {
        this.clock = clock;
        targets = config.webhooks().stream()
                .map(endpoint -> new Target(endpoint, new Deliveries(endpoint, random)))
                .toList();
    }

    @Override
    public void onReport(ReconcileReport report) {
        for (var notice : Notice.of(report)) {
            for (var target : targets) {
                if (target.endpoint().takes(notice)) {
                    target.deliveries().offer(notice);
                }
            }
        }
    }

    @Override
    public void close() {
        targets.forEach(target -> target.deliveries().stop());
        var deadline = clock.instant().plus(LAST_TRIES);
        try {
            for (var target : targets) {
                target.deliveries().awaitEnd(deadline, clock);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
