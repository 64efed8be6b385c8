package io.drey.core.flink;

import io.drey.spi.FactSource.Polled;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.resource.ResourceRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;

/** The last known state of one JobManager, its subscribers, and the time of the next look. Thread-safe. */
final class JobManagerView {
    private static final Duration STARTING = Duration.ofMinutes(2);
    private static final Duration SHORTEST_LIMIT = Duration.ofSeconds(2);
    private static final Duration LONGEST_LIMIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_OF_SERVED = Duration.ofMinutes(1);
    private static final int LOOKS_AT_ONCE = 8;
    private static final Duration THOROUGH = Duration.ofSeconds(30);
    private static final Duration UNHURRIED = Duration.ofSeconds(1);
    private static final Duration LONGEST_WHEN_REFUSED = Duration.ofSeconds(30);
    private static final int PART_OF_SILENCE = 8;
    private static final Duration JITTERED_FROM = Duration.ofSeconds(2);
    private static final double JITTER = 0.25;
    private static final Duration AFTER_CHANGE = Duration.ofMillis(250);
    private static final Duration LONGEST_WHEN_HANGING = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final int MANY_HANGS = 7;
    private static final Duration ASKED_WITHIN = Duration.ofMinutes(5);
    private static final Duration CROWDED = Duration.ofMillis(100);
    private static final Duration GRACE = Duration.ofMinutes(1);

    /** @param job whose changes count; those of all jobs when empty */
    private record Subscription(Optional<String> job, Duration every, Instant asked, boolean reminded) {}

    /**
     * A look that is under way.
     *
     * @param round what is answered in a later one does not count any more
     * @param known what was seen before
     * @param limit after which it counts as hung
     * @param late how long after its time it began
     */
    record Look(Instant sent, int round, FlinkJobs known, boolean thorough, Duration limit, Duration late) {}

    /** What came of a look: {@code hung} if a connection was made and nothing came over it. */
    record Seen(FlinkJobs jobs, boolean hung) {}

    private final DoubleSupplier random;
    private final Map<ResourceRef, Subscription> subscriptions = new HashMap<>();
    private Map<String, Long> modified = Map.of();
    private Instant remindAt = Instant.MAX;
    private Instant changedAt = Instant.MIN;
    private FlinkJobs jobs = FlinkJobs.UNREACHABLE;
    private Instant at = Instant.MIN;
    private Instant next = Instant.MIN;
    private Instant thoroughAt = Instant.MIN;
    private Optional<Instant> silentSince = Optional.empty();
    private int looking;
    private Instant completedAt = Instant.MIN;
    private int hangs;
    private int round;

    /** @param random from 0 to 1, by which looks at many JobManagers spread */
    JobManagerView(DoubleSupplier random) {
        this.random = random;
    }

    synchronized Polled ask(ResourceRef subscriber, Optional<String> job, Duration every, Instant now) {
        var before = subscriptions.put(subscriber, new Subscription(job, every, now, false));
        if (before == null || every.compareTo(before.every()) < 0) {
            // In more of a hurry than what the next look was set by.
            noLaterThan(now.plus(every));
        }
        remindAt = earlier(remindAt, now.plus(ASKED_WITHIN));
        return new Polled(jobs, at);
    }

    private void noLaterThan(Instant time) {
        next = earlier(next, time);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Something in Kubernetes has changed for this cluster, so its jobs may be about to: the next poll is soon. */
    synchronized void changed(Instant now) {
        changedAt = now;
        noLaterThan(afterChange());
    }

    private Instant afterChange() {
        var soon = changedAt.plus(AFTER_CHANGE);
        return unseen() || at.plus(UNHURRIED).isBefore(soon) ? soon : at.plus(UNHURRIED);
    }

    /** Returns whether nobody is left. */
    synchronized boolean forget(ResourceRef subscriber) {
        subscriptions.remove(subscriber);
        return subscriptions.isEmpty();
    }

    /** Whatever was seen, or is being looked at, is not to be trusted any more. */
    synchronized void refresh() {
        // What is under way may ask a JobManager that is gone, and would hold up the next look until it gives up.
        abandonLooks();
        at = Instant.MIN;
        completedAt = Instant.MIN;
        next = Instant.MIN;
        thoroughAt = Instant.MIN;
        silentSince = Optional.empty();
        hangs = 0;
    }

    private void abandonLooks() {
        round++;
        looking = 0;
    }

    /** When there is something to do, if no look ends before. */
    synchronized Instant wake(Instant now) {
        if (subscriptions.isEmpty()) {
            return now;
        }
        if (looking >= (starting(now) ? LOOKS_AT_ONCE : 1)) {
            return remindAt;
        }
        // A look that may not begin beside another one tries again a little later.
        return earlier(looking > 0 && !next.isAfter(now) ? now.plus(CROWDED) : next, remindAt);
    }

    /** Whether it is time for a look. */
    synchronized boolean isDue(Instant now) {
        return !subscriptions.isEmpty() && !next.isAfter(now);
    }

    /**
     * A look, if it is time for one.
     *
     * @param spare whether there may be one beside another that is under way
     */
    synchronized Optional<Look> due(Instant now, boolean spare) {
        boolean starting = starting(now);
        if (looking >= (starting && spare ? LOOKS_AT_ONCE : 1) || subscriptions.isEmpty() || next.isAfter(now)) {
            return Optional.empty();
        }
        var limit = limit(starting, now);
        var late = next.equals(Instant.MIN) ? Duration.ZERO : Duration.between(next, now);
        if (starting) {
            // Of those that hang, one ends when the next one is to begin.
            next = now.plus(looking == 0 ? every(now) : longer(every(now), limit.dividedBy(LOOKS_AT_ONCE)));
        }
        looking++;
        boolean thorough = !now.isBefore(thoroughAt);
        if (thorough) {
            thoroughAt = now.plus(THOROUGH);
        }
        return Optional.of(new Look(now, round, jobs, thorough, limit, late));
    }

    /**
     * A JobManager that starts takes connections before it can answer, and leaves some of them without an answer for ever:
     * until it has served, or has not for two minutes, the next question does not wait for the answer to the one before.
     */
    private boolean starting(Instant now) {
        return (jobs.reach() != Reach.SERVING || unseen())
                && silentSince.map(since -> now.isBefore(since.plus(STARTING))).orElse(true);
    }

    /** One that starts is given ever more time, any other one all that a request has. */
    private Duration limit(boolean starting, Instant now) {
        if (!starting) {
            return LONGEST_OF_SERVED;
        }
        var silent = silentSince.map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
        return shorter(longer(silent.dividedBy(4), SHORTEST_LIMIT), LONGEST_LIMIT);
    }

    /** Takes in the result of a poll, and returns the subscribers for which it is news. */
    synchronized Set<ResourceRef> seen(Look look, Seen seen, Instant now) {
        if (look.round() != round) {
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
            // Those that are under way may hang, and say nothing against this one.
            abandonLooks();
        } else if (silentSince.isEmpty()) {
            silentSince = Optional.of(look.sent());
        }
        var changed = learns(withDetails(look, seen.jobs()));
        boolean starting = starting(now);
        hangs = seen.hung() && !starting ? Math.min(hangs + 1, MANY_HANGS) : 0;
        if (!starting) {
            next = now.plus(pause(seen.hung(), now));
            if (changedAt.isAfter(look.sent())) {
                // The change is not in the result of a poll that had begun before.
                noLaterThan(afterChange());
            }
        }
        return first ? Set.copyOf(subscriptions.keySet()) : changed;
    }

    /** Returns those for whom that is news: a change of one job is none for who wants to know of another. */
    private Set<ResourceRef> learns(FlinkJobs now) {
        var before = jobs;
        if (now.equals(before)) {
            return Set.of();
        }
        jobs = now;
        boolean cluster = now.reach() != before.reach();
        var known = byId(before);
        var seen = byId(now);
        Set<ResourceRef> concerned = new HashSet<>();
        subscriptions.forEach((ref, subscription) -> {
            if (cluster
                    || subscription
                            .job()
                            .map(id -> !Objects.equals(known.get(id), seen.get(id)))
                            .orElse(true)) {
                concerned.add(ref);
            }
        });
        return concerned;
    }

    private static Map<String, Job> byId(FlinkJobs jobs) {
        return jobs.jobs().stream().collect(Collectors.toMap(Job::id, job -> job, (one, other) -> one));
    }

    /** Takes in when something last happened to each job, and returns the jobs to which something has happened since. */
    synchronized Set<String> moved(Look look, Map<String, Long> now) {
        if (!look.sent().equals(at)) {
            return Set.of();
        }
        var before = modified;
        modified = Map.copyOf(now);
        return now.keySet().stream()
                .filter(id -> before.containsKey(id) && !before.get(id).equals(now.get(id)))
                .collect(Collectors.toSet());
    }

    /** What a look did not ask for, or got no answer to, may have been told since by the one before. */
    private FlinkJobs withDetails(Look look, FlinkJobs seen) {
        if (seen.reach() != Reach.SERVING || jobs.reach() != Reach.SERVING) {
            return seen;
        }
        return new FlinkJobs(
                seen.reach(),
                seen.jobs(),
                seen.cluster().equals(look.known().cluster()) ? jobs.cluster() : seen.cluster(),
                seen.taskManagers() == look.known().taskManagers() ? jobs.taskManagers() : seen.taskManagers());
    }

    /** Takes in what was slow to come of a look that found the same jobs, and returns who is to be told. */
    synchronized Set<ResourceRef> completed(Look look, FlinkJobs all) {
        boolean ofNow = look.sent().compareTo(completedAt) >= 0
                && !unseen()
                && all.reach() == Reach.SERVING
                && jobs.reach() == Reach.SERVING
                && JobsReader.same(all.jobs(), jobs.jobs());
        if (!ofNow) {
            return Set.of();
        }
        completedAt = look.sent();
        // Its tasks may have been seen in other states since.
        return learns(withDetails(look, new FlinkJobs(all.reach(), jobs.jobs(), all.cluster(), all.taskManagers())));
    }

    /**
     * As often as the most hurried subscriber wants. One that has not served for long is asked less and less often if it
     * hangs, since each question takes it some memory; and if it refuses, after a part of the time since it began to, or
     * since something has changed in Kubernetes.
     */
    private Duration pause(boolean hung, Instant now) {
        var every = every(now);
        if (hung) {
            return longer(every, shorter(FIRST_PAUSE.multipliedBy(1L << hangs), LONGEST_WHEN_HANGING));
        }
        if (jobs.reach() == Reach.SERVING) {
            return every.compareTo(JITTERED_FROM) < 0 ? every : jittered(every);
        }
        var silent = silentSince.filter(changedAt::isBefore).orElse(changedAt);
        return longer(every, shorter(Duration.between(silent, now).dividedBy(PART_OF_SILENCE), LONGEST_WHEN_REFUSED));
    }

    /** Somewhat less: {@code every} is the longest time. */
    private Duration jittered(Duration every) {
        return every.minusMillis((long) (every.toMillis() * JITTER * random.getAsDouble()));
    }

    /** The hurry of somebody who has not asked for two minutes is over. */
    private Duration every(Instant now) {
        return subscriptions.values().stream()
                .map(subscription -> subscription.asked().plus(STARTING).isBefore(now)
                        ? longer(subscription.every(), UNHURRIED)
                        : subscription.every())
                .min(Duration::compareTo)
                .orElse(UNHURRIED);
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
        if (remindAt.isAfter(now)) {
            return List.of();
        }
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
            return new Subscription(subscription.job(), subscription.every(), subscription.asked(), true);
        });
        remindAt = subscriptions.values().stream()
                .map(subscription -> subscription
                        .asked()
                        .plus(ASKED_WITHIN)
                        .plus(subscription.reminded() ? GRACE : Duration.ZERO)
                        .plusMillis(1))
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
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
