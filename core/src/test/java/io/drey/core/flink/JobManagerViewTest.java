package io.drey.core.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.core.flink.JobManagerView.Look;
import io.drey.core.flink.JobManagerView.Seen;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.resource.ResourceRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JobManagerViewTest {
    private static final ResourceRef JOB = new ResourceRef("FlinkDeployment", "default", "job");
    private static final ResourceRef SNAPSHOT = new ResourceRef("FlinkStateSnapshot", "default", "snapshot");
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final FlinkJobs SERVING = new FlinkJobs(Reach.SERVING, List.of(), Map.of(), 1);

    private double random;
    private final JobManagerView view = new JobManagerView(() -> random);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private void pass(Duration time) {
        now = now.plus(time);
    }

    /** A look that is due now, and takes so long. */
    private boolean look(FlinkJobs jobs, boolean hung, Duration takes) {
        var look = view.due(now, true).orElseThrow();
        pass(takes);
        return !view.seen(look, new Seen(jobs, hung), now).isEmpty();
    }

    /** The next look, whenever it is due. */
    private Look next() {
        while (true) {
            var look = view.due(now, true);
            if (look.isPresent()) {
                return look.get();
            }
            pass(Duration.ofMillis(500));
        }
    }

    /** The time until the next look, which is taken. */
    private Duration pause() {
        var before = now;
        next();
        return Duration.between(before, now);
    }

    @Test
    @DisplayName("the first look is told of, and then only changes are")
    void changes() {
        view.ask(JOB, Optional.empty(), EVERY, now);
        assertThat(look(FlinkJobs.UNREACHABLE, false, Duration.ZERO)).isTrue();
        pass(EVERY);
        assertThat(look(FlinkJobs.UNREACHABLE, false, Duration.ZERO)).isFalse();
        pass(EVERY);
        assertThat(look(SERVING, false, Duration.ZERO)).isTrue();
    }

    @Test
    @DisplayName("what is seen is as old as the question")
    void age() {
        view.ask(JOB, Optional.empty(), EVERY, now);
        var asked = now;
        look(SERVING, false, Duration.ofSeconds(3));
        assertThat(view.ask(JOB, Optional.empty(), EVERY, now).at()).isEqualTo(asked);
    }

    @Test
    @DisplayName(
            "an answer to a question from before an effect is thrown away, and the next one is told of even if it is"
                    + " the same")
    void refresh() {
        view.ask(JOB, Optional.empty(), EVERY, now);
        look(SERVING, false, Duration.ZERO);
        pass(EVERY);
        var underWay = view.due(now, true).orElseThrow();
        assertThat(view.due(now, true)).as("one look at a time").isEmpty();
        view.refresh();
        assertThat(view.ask(JOB, Optional.empty(), EVERY, now).at()).isEqualTo(Instant.MIN);
        var afterwards = view.due(now, true);
        assertThat(afterwards).as("one that hangs holds up nothing").isPresent();
        assertThat(view.seen(underWay, new Seen(FlinkJobs.UNREACHABLE, false), now))
                .isEmpty();
        assertThat(view.due(now, true)).as("not sooner than wanted").isEmpty();
        assertThat(view.seen(afterwards.orElseThrow(), new Seen(SERVING, false), now))
                .containsExactly(JOB);
    }

    @Test
    @DisplayName("the most hurried subscriber sets the pace, at once")
    void pace() {
        view.ask(JOB, Optional.empty(), Duration.ofSeconds(60), now);
        look(SERVING, false, Duration.ZERO);
        view.ask(SNAPSHOT, Optional.empty(), Duration.ofSeconds(1), now);
        assertThat(pause()).isEqualTo(Duration.ofSeconds(1));
    }

    private void hangs(Look look) {
        view.seen(look, new Seen(FlinkJobs.UNREACHABLE, true), now);
    }

    @Test
    @DisplayName("a JobManager that starts is asked again without waiting for the answer, by a few questions at once")
    void starting() {
        view.ask(JOB, Optional.empty(), Duration.ofMillis(500), now);
        List<Look> looks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            looks.add(view.due(now, true).orElseThrow());
            pass(Duration.ofMillis(500));
        }
        assertThat(looks).extracting(Look::limit).containsOnly(Duration.ofSeconds(2));
        assertThat(view.due(now, true)).as("as many as there may be").isEmpty();

        hangs(looks.getFirst());
        var next = view.due(now, true).orElseThrow();
        assertThat(view.seen(looks.getLast(), new Seen(SERVING, false), now)).containsExactly(JOB);

        hangs(looks.get(1));
        hangs(next);
        assertThat(view.ask(JOB, Optional.empty(), EVERY, now).jobs())
                .as("what hangs says nothing against an answer")
                .isEqualTo(SERVING);
        pass(Duration.ofMillis(500));
        assertThat(view.due(now, true)).as("nor does it hold up the next look").isPresent();
    }

    @Test
    @DisplayName("where many looks are under way, each cluster has one at a time")
    void crowd() {
        view.ask(JOB, Optional.empty(), Duration.ofMillis(500), now);
        assertThat(view.due(now, false)).isPresent();
        pass(Duration.ofMillis(500));
        assertThat(view.due(now, false)).isEmpty();
        assertThat(view.due(now, true)).isPresent();
    }

    @Test
    @DisplayName(
            "details that were slow to come count as long as the jobs are the same, and are not forgotten by the next"
                    + " look")
    void details() {
        view.ask(JOB, Optional.empty(), EVERY, now);
        var first = view.due(now, true).orElseThrow();
        var soon = new FlinkJobs(Reach.SERVING, List.of(), Map.of(), 0);
        var all = new FlinkJobs(Reach.SERVING, List.of(), Map.of("flink-version", "2.3.0"), 2);
        view.seen(first, new Seen(soon, false), now);
        pass(EVERY);
        var second = view.due(now, true).orElseThrow();

        assertThat(view.completed(first, all)).containsExactly(JOB);
        assertThat(view.seen(second, new Seen(soon, false), now)).isEmpty();

        assertThat(view.ask(JOB, Optional.empty(), EVERY, now).jobs()).isEqualTo(all);
        assertThat(view.completed(second, FlinkJobs.UNREACHABLE)).isEmpty();
        assertThat(view.ask(JOB, Optional.empty(), EVERY, now).jobs()).isEqualTo(all);
        view.refresh();
        assertThat(view.completed(second, soon)).as("from before an effect").isEmpty();
    }

    @Test
    @DisplayName("the hurry of somebody who has not asked for two minutes is over")
    void hurry() {
        view.ask(JOB, Optional.empty(), Duration.ofMillis(250), now);
        look(SERVING, false, Duration.ZERO);
        var look = next();
        pass(Duration.ofMinutes(3));
        view.seen(look, new Seen(SERVING, false), now);
        assertThat(pause()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    @DisplayName("one that does not serve for long is given more time for each answer, up to ten seconds")
    void patience() {
        view.ask(JOB, Optional.empty(), Duration.ofSeconds(10), now);
        List<Duration> limits = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            var look = view.due(now, true).orElseThrow();
            limits.add(look.limit());
            hangs(look);
            pass(Duration.ofSeconds(10));
        }
        assertThat(limits)
                .containsExactly(
                        Duration.ofSeconds(2),
                        Duration.ofMillis(2500),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(7500),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10));
    }

    @Test
    @DisplayName("one that hangs for two minutes is asked less and less often, up to every half minute")
    void hanging() {
        view.ask(JOB, Optional.empty(), Duration.ofMillis(500), now);
        hangs(view.due(now, true).orElseThrow());
        pass(Duration.ofMinutes(2));
        List<Duration> pauses = new ArrayList<>();
        var look = view.due(now, true).orElseThrow();
        for (int i = 0; i < 9; i++) {
            assertThat(view.due(now, true)).as("one look at a time").isEmpty();
            pass(look.limit());
            hangs(look);
            var gaveUp = now;
            look = next();
            pauses.add(Duration.between(gaveUp, now));
        }
        assertThat(pauses)
                .startsWith(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4))
                .endsWith(Duration.ofSeconds(30));
    }

    @Test
    @DisplayName("one that served is given all the time that a request has")
    void served() {
        view.ask(JOB, Optional.empty(), EVERY, now);
        look(SERVING, false, Duration.ZERO);
        pass(EVERY);
        assertThat(view.due(now, true).orElseThrow().limit()).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
    }

    @Test
    @DisplayName(
            "one that refuses is probably starting: it is polled as often as wanted for two minutes, then ever less"
                    + " often")
    void refusing() {
        view.ask(JOB, Optional.empty(), Duration.ofMillis(500), now);
        for (int i = 0; i < 240; i++) {
            look(FlinkJobs.UNREACHABLE, false, Duration.ZERO);
            pass(Duration.ofMillis(500));
        }
        look(FlinkJobs.UNREACHABLE, false, Duration.ZERO);
        assertThat(pauseWhenRefused()).isEqualTo(Duration.ofSeconds(15));
        pass(Duration.ofMinutes(10));
        pauseWhenRefused();
        assertThat(pauseWhenRefused()).isEqualTo(Duration.ofSeconds(30));
    }

    private Duration pauseWhenRefused() {
        var before = now;
        var look = next();
        view.seen(look, new Seen(FlinkJobs.UNREACHABLE, false), now);
        return Duration.between(before, now);
    }

    @Test
    @DisplayName("after a change in Kubernetes, one that has refused for long is polled soon, and often for a while")
    void changedWhileRefusing() {
        view.ask(JOB, Optional.empty(), Duration.ofMillis(500), now);
        look(FlinkJobs.UNREACHABLE, false, Duration.ZERO);
        pass(Duration.ofMinutes(20));
        look(FlinkJobs.UNREACHABLE, false, Duration.ZERO);
        pass(Duration.ofSeconds(10));

        view.changed(now);

        assertThat(pauseWhenRefused()).isEqualTo(Duration.ofMillis(500));
        pass(Duration.ofSeconds(8));
        pauseWhenRefused();
        assertThat(pauseWhenRefused()).isLessThanOrEqualTo(Duration.ofMillis(1500));
    }

    @Test
    @DisplayName("after a change in Kubernetes a quiet job is polled at once, but not more than once a second")
    void changedWhileQuiet() {
        view.ask(JOB, Optional.empty(), Duration.ofSeconds(20), now);
        look(SERVING, false, Duration.ZERO);
        view.changed(now);
        assertThat(pause()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    @DisplayName(
            "a change in Kubernetes during a poll is followed by another poll soon, whatever the first one returns")
    void changedDuringPoll() {
        view.ask(JOB, Optional.empty(), Duration.ofSeconds(20), now);
        look(SERVING, false, Duration.ZERO);
        pass(Duration.ofSeconds(20));
        var poll = next();
        pass(Duration.ofSeconds(1));
        view.changed(now);
        pass(Duration.ofSeconds(9));
        view.seen(poll, new Seen(SERVING, false), now);
        assertThat(pause()).isZero();
    }

    @Test
    @DisplayName("and so is one during a poll of a JobManager that has refused for long")
    void changedDuringRefusedPoll() {
        view.ask(JOB, Optional.empty(), Duration.ofSeconds(20), now);
        look(FlinkJobs.UNREACHABLE, false, Duration.ZERO);
        pass(Duration.ofMinutes(20));
        var poll = next();
        pass(Duration.ofSeconds(1));
        view.changed(now);
        view.seen(poll, new Seen(FlinkJobs.UNREACHABLE, true), now);
        assertThat(pause()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    @DisplayName("polls of quiet jobs spread: each comes up to a quarter sooner than it must")
    void jitter() {
        view.ask(JOB, Optional.empty(), Duration.ofSeconds(20), now);
        random = 1;
        look(SERVING, false, Duration.ZERO);
        assertThat(pause()).isEqualTo(Duration.ofSeconds(15));
    }

    private static Job job(String id, String state) {
        return new Job(id, "name", state, Instant.EPOCH, Optional.empty(), Optional.empty());
    }

    private Set<ResourceRef> seen(Job... jobs) {
        var look = next();
        return view.seen(look, new Seen(new FlinkJobs(Reach.SERVING, List.of(jobs), Map.of(), 1), false), now);
    }

    @Test
    @DisplayName(
            "a change of one job concerns those who want to know of it or of all jobs, and of the cluster everybody")
    void perJob() {
        var other = new ResourceRef("FlinkSessionJob", "default", "other");
        view.ask(JOB, Optional.of("one"), EVERY, now);
        view.ask(other, Optional.of("two"), EVERY, now);
        view.ask(SNAPSHOT, Optional.empty(), EVERY, now);
        assertThat(seen(job("one", "RUNNING"), job("two", "RUNNING"))).containsExactlyInAnyOrder(JOB, other, SNAPSHOT);

        assertThat(seen(job("one", "RESTARTING"), job("two", "RUNNING"))).containsExactlyInAnyOrder(JOB, SNAPSHOT);
        assertThat(seen(job("one", "RESTARTING"))).containsExactlyInAnyOrder(other, SNAPSHOT);
        var look = next();
        assertThat(view.seen(look, new Seen(FlinkJobs.UNREACHABLE, false), now))
                .containsExactlyInAnyOrder(JOB, other, SNAPSHOT);
    }

    @Test
    @DisplayName("jobs to which something has happened are those whose time of modification has moved")
    void moved() {
        view.ask(JOB, Optional.empty(), EVERY, now);
        var first = next();
        view.seen(first, new Seen(SERVING, false), now);
        assertThat(view.moved(first, Map.of("one", 1L, "two", 1L))).isEmpty();
        pass(EVERY);
        var second = next();
        view.seen(second, new Seen(SERVING, false), now);
        assertThat(view.moved(second, Map.of("one", 2L, "two", 1L))).containsExactly("one");
        assertThat(view.moved(first, Map.of("one", 1L))).as("an earlier look").isEmpty();
    }

    @Test
    @DisplayName("nothing is to be done before the next look is due, or while one is under way, but for reminders")
    void wake() {
        view.ask(JOB, Optional.empty(), EVERY, now);
        look(SERVING, false, Duration.ZERO);
        assertThat(view.wake(now)).isEqualTo(now.plus(EVERY));
        pass(EVERY);
        view.due(now, true);
        assertThat(view.wake(now)).isEqualTo(now.minus(EVERY).plus(Duration.ofMinutes(5)));
    }

    @Test
    @DisplayName("who has not asked for five minutes is reminded once, and is forgotten a minute later unless it asks")
    void lostInterest() {
        view.ask(JOB, Optional.empty(), EVERY, now);
        view.ask(SNAPSHOT, Optional.empty(), EVERY, now);
        pass(Duration.ofMinutes(5));
        assertThat(view.silentSubscribers(now)).isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(view.silentSubscribers(now)).containsExactlyInAnyOrder(JOB, SNAPSHOT);
        assertThat(view.silentSubscribers(now)).isEmpty();
        view.ask(JOB, Optional.empty(), EVERY, now);
        pass(Duration.ofSeconds(61));
        view.silentSubscribers(now);
        assertThat(view.forget(SNAPSHOT)).isFalse();
        assertThat(view.forget(JOB)).isTrue();
        assertThat(view.abandoned()).isTrue();
    }
}
