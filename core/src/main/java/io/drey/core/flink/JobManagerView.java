package io.drey.core.flink;

import io.drey.spi.FactSource.Polled;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.resource.ResourceRef;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is known of one JobManager, who wants to know, and when to look again. Thread-safe. */
final class JobManagerView {
    private static final Duration EAGER = Duration.ofMinutes(2);
    private static final Duration SHORTEST_LIMIT = Duration.ofSeconds(2);
    private static final Duration LONGEST_LIMIT = Duration.ofSeconds(10);
    private static final int EAGER_LOOKS = 8;
    private static final Duration THOROUGH = Duration.ofSeconds(30);
    private static final Duration LONGEST_WHEN_REFUSED = Duration.ofSeconds(1);
    private static final Duration LONGEST_WHEN_HANGING = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final int MANY_HANGS = 7;
    private static final Duration ASKED_WITHIN = Duration.ofMinutes(5);
    private static final Duration GRACE = Duration.ofMinutes(1);

    /** Somebody who wants to know. */
    private record Subscription(Duration every, Instant asked, boolean reminded) {}

    /**
     * A look that is under way.
     *
     * @param known what was seen before
     * @param address where the JobManager was found before
     * @param limit after which it counts as hung
     */
    record Look(Instant sent, int epoch, FlinkJobs known, boolean thorough, Optional<URI> address, Duration limit) {}

    /** What came of a look: {@code hung} if a connection was made and nothing came over it. */
    record Seen(FlinkJobs jobs, boolean hung, Optional<URI> address) {}

    private final Map<ResourceRef, Subscription> subscriptions = new HashMap<>();
    private FlinkJobs jobs = FlinkJobs.UNREACHABLE;
    private Instant at = Instant.MIN;
    private Instant next = Instant.MIN;
    private Instant thoroughAt = Instant.MIN;
    private Optional<Instant> silentSince = Optional.empty();
    private Optional<URI> address = Optional.empty();
    private int looking;
    private int hangs;
    private int epoch;

    synchronized Polled ask(ResourceRef subscriber, Duration every, Instant now) {
        var before = subscriptions.put(subscriber, new Subscription(every, now, false));
        if (before == null || every.compareTo(before.every()) < 0) {
            // In more of a hurry than what the next look was set by.
            var soon = now.plus(every);
            if (next.isAfter(soon)) {
                next = soon;
            }
        }
        return new Polled(jobs, at);
    }

    /** Returns whether nobody is left. */
    synchronized boolean forget(ResourceRef subscriber) {
        subscriptions.remove(subscriber);
        return subscriptions.isEmpty();
    }

    /** Whatever was seen, or is being looked at, is not to be trusted any more. */
    synchronized void refresh() {
        epoch++;
        // What is under way may ask a JobManager that is gone, and would hold up the next look until it gives up.
        looking = 0;
        at = Instant.MIN;
        next = Instant.MIN;
        thoroughAt = Instant.MIN;
        silentSince = Optional.empty();
        hangs = 0;
    }

    /** A look, if it is time for one. */
    synchronized Optional<Look> due(Instant now) {
        boolean eager = eager(now);
        if (looking >= (eager ? EAGER_LOOKS : 1) || subscriptions.isEmpty() || next.isAfter(now)) {
            return Optional.empty();
        }
        looking++;
        if (eager) {
            next = now.plus(every());
        }
        boolean thorough = !now.isBefore(thoroughAt);
        if (thorough) {
            thoroughAt = now.plus(THOROUGH);
        }
        return Optional.of(new Look(now, epoch, jobs, thorough, address, limit(eager, now)));
    }

    /**
     * A JobManager that starts takes connections before it can answer, and leaves some of them without an answer for ever:
     * until it has served, or for some time, the next question does not wait for the answer to the one before.
     */
    private boolean eager(Instant now) {
        return (jobs.reach() != Reach.SERVING || unseen())
                && silentSince.map(since -> now.isBefore(since.plus(EAGER))).orElse(true);
    }

    /** One that served is given all the time that a request has, one that does not yet is given ever more. */
    private Duration limit(boolean eager, Instant now) {
        if (eager) {
            var silent = silentSince.map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
            return shorter(longer(silent.dividedBy(4), SHORTEST_LIMIT), LONGEST_LIMIT);
        }
        return jobs.reach() == Reach.SERVING ? Duration.ofMinutes(1) : LONGEST_LIMIT;
    }

    /** Takes in what was seen, and returns who is to be told. */
    synchronized Set<ResourceRef> seen(Look look, Seen seen, Instant now) {
        if (look.epoch() != epoch) {
            return Set.of();
        }
        looking--;
        if (look.sent().isBefore(at)) {
            // A later question was answered sooner.
            return Set.of();
        }
        // As old as its question: what happened while the answer was on its way is not in it.
        boolean first = at.equals(Instant.MIN);
        at = look.sent();
        if (seen.jobs().reach() == Reach.SERVING) {
            silentSince = Optional.empty();
        } else if (silentSince.isEmpty()) {
            silentSince = Optional.of(look.sent());
        }
        address = seen.jobs().reach() == Reach.UNREACHABLE ? Optional.empty() : seen.address();
        boolean changed = !seen.jobs().equals(jobs);
        jobs = seen.jobs();
        boolean eager = eager(now);
        hangs = seen.hung() && !eager ? Math.min(hangs + 1, MANY_HANGS) : 0;
        if (!eager) {
            next = now.plus(pause(seen.hung()));
        }
        return first || changed ? Set.copyOf(subscriptions.keySet()) : Set.of();
    }

    /** Takes in what was slow to come of a look, unless other jobs were seen since, and returns who is to be told. */
    synchronized Set<ResourceRef> completed(Look look, FlinkJobs all) {
        if (look.epoch() != epoch || !all.jobs().equals(jobs.jobs()) || all.equals(jobs)) {
            return Set.of();
        }
        jobs = all;
        return Set.copyOf(subscriptions.keySet());
    }

    /**
     * As often as the most hurried subscriber wants. One that has not served for long is asked less and less often if it
     * hangs, since each question takes it some memory, and a little less often if it refuses.
     */
    private Duration pause(boolean hung) {
        if (hung) {
            return longer(every(), shorter(FIRST_PAUSE.multipliedBy(1L << hangs), LONGEST_WHEN_HANGING));
        }
        return jobs.reach() == Reach.SERVING ? every() : longer(every(), LONGEST_WHEN_REFUSED);
    }

    private Duration every() {
        return subscriptions.values().stream()
                .map(Subscription::every)
                .min(Duration::compareTo)
                .orElse(LONGEST_WHEN_REFUSED);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /**
     * Subscribers that have not asked for so long that they may have lost interest, each named once: a pass over them
     * asks again if they have not. Those that did not ask then are forgotten.
     */
    synchronized List<ResourceRef> silentSubscribers(Instant now) {
        List<ResourceRef> remind = new ArrayList<>();
        subscriptions
                .entrySet()
                .removeIf(entry -> entry.getValue().reminded()
                        && entry.getValue()
                                .asked()
                                .plus(ASKED_WITHIN)
                                .plus(GRACE)
                                .isBefore(now));
        subscriptions.replaceAll((ref, subscription) -> {
            if (subscription.reminded()
                    || !subscription.asked().plus(ASKED_WITHIN).isBefore(now)) {
                return subscription;
            }
            remind.add(ref);
            return new Subscription(subscription.every(), subscription.asked(), true);
        });
        return remind;
    }

    /** Whether no look has ended yet. */
    synchronized boolean unseen() {
        return at.equals(Instant.MIN);
    }

    /** Whether the last look found nobody. */
    synchronized boolean unreachable() {
        return jobs.reach() == Reach.UNREACHABLE;
    }

    synchronized boolean abandoned() {
        return subscriptions.isEmpty();
    }
}
