package io.drey.core.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.core.flink.JobManagerView.Look;
import io.drey.core.flink.JobManagerView.Seen;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.resource.ResourceRef;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JobManagerViewTest {
    private static final ResourceRef JOB = new ResourceRef("FlinkDeployment", "default", "job");
    private static final ResourceRef SNAPSHOT = new ResourceRef("FlinkStateSnapshot", "default", "snapshot");
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final FlinkJobs SERVING = new FlinkJobs(Reach.SERVING, List.of(), Map.of(), 1);

    private final JobManagerView view = new JobManagerView();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private void pass(Duration time) {
        now = now.plus(time);
    }

    /** A look that is due now, and takes so long. */
    private boolean look(FlinkJobs jobs, boolean hung, Duration takes) {
        var look = view.due(now, true).orElseThrow();
        pass(takes);
        return !view.seen(look, new Seen(jobs, hung, Optional.of(URI.create("http://x"))), now)
                .isEmpty();
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
        view.ask(JOB, EVERY, now);
        assertThat(look(FlinkJobs.UNREACHABLE, false, Duration.ZERO)).isTrue();
        pass(EVERY);
        assertThat(look(FlinkJobs.UNREACHABLE, false, Duration.ZERO)).isFalse();
        pass(EVERY);
        assertThat(look(SERVING, false, Duration.ZERO)).isTrue();
    }

    @Test
    @DisplayName("what is seen is as old as the question")
    void age() {
        view.ask(JOB, EVERY, now);
        var asked = now;
        look(SERVING, false, Duration.ofSeconds(3));
        assertThat(view.ask(JOB, EVERY, now).at()).isEqualTo(asked);
    }

    @Test
    @DisplayName(
            "an answer to a question from before an effect is thrown away, and the next one is told of even if it is the same")
    void refresh() {
        view.ask(JOB, EVERY, now);
        look(SERVING, false, Duration.ZERO);
        pass(EVERY);
        var underWay = view.due(now, true).orElseThrow();
        assertThat(view.due(now, true)).as("one look at a time").isEmpty();
        view.refresh();
        assertThat(view.ask(JOB, EVERY, now).at()).isEqualTo(Instant.MIN);
        var afterwards = view.due(now, true);
        assertThat(afterwards).as("one that hangs holds up nothing").isPresent();
        assertThat(view.seen(underWay, new Seen(FlinkJobs.UNREACHABLE, false, Optional.empty()), now))
                .isEmpty();
        assertThat(view.due(now, true)).as("not sooner than wanted").isEmpty();
        assertThat(view.seen(afterwards.orElseThrow(), new Seen(SERVING, false, Optional.empty()), now))
                .containsExactly(JOB);
    }

    @Test
    @DisplayName("the most hurried subscriber sets the pace, at once")
    void pace() {
        view.ask(JOB, Duration.ofSeconds(60), now);
        look(SERVING, false, Duration.ZERO);
        view.ask(SNAPSHOT, Duration.ofSeconds(1), now);
        assertThat(pause()).isEqualTo(Duration.ofSeconds(1));
    }

    private void hangs(Look look) {
        view.seen(look, new Seen(FlinkJobs.UNREACHABLE, true, Optional.empty()), now);
    }

    @Test
    @DisplayName("a JobManager that starts is asked again without waiting for the answer, by a few questions at once")
    void starting() {
        view.ask(JOB, Duration.ofMillis(500), now);
        List<Look> looks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            looks.add(view.due(now, true).orElseThrow());
            pass(Duration.ofMillis(500));
        }
        assertThat(looks).extracting(Look::limit).containsOnly(Duration.ofSeconds(2));
        assertThat(view.due(now, true)).as("as many as there may be").isEmpty();

        hangs(looks.getFirst());
        var next = view.due(now, true).orElseThrow();
        assertThat(view.seen(looks.getLast(), new Seen(SERVING, false, Optional.empty()), now))
                .containsExactly(JOB);

        hangs(looks.get(1));
        hangs(next);
        assertThat(view.ask(JOB, EVERY, now).jobs())
                .as("what hangs says nothing against an answer")
                .isEqualTo(SERVING);
        pass(Duration.ofMillis(500));
        assertThat(view.due(now, true)).as("nor does it hold up the next look").isPresent();
    }

    @Test
    @DisplayName("where many looks are under way, each cluster has one at a time")
    void crowd() {
        view.ask(JOB, Duration.ofMillis(500), now);
        assertThat(view.due(now, false)).isPresent();
        pass(Duration.ofMillis(500));
        assertThat(view.due(now, false)).isEmpty();
        assertThat(view.due(now, true)).isPresent();
    }

    @Test
    @DisplayName(
            "details that were slow to come count as long as the jobs are the same, and are not forgotten by the next look")
    void details() {
        view.ask(JOB, EVERY, now);
        var first = view.due(now, true).orElseThrow();
        var soon = new FlinkJobs(Reach.SERVING, List.of(), Map.of(), 0);
        var all = new FlinkJobs(Reach.SERVING, List.of(), Map.of("flink-version", "2.3.0"), 2);
        view.seen(first, new Seen(soon, false, Optional.empty()), now);
        pass(EVERY);
        var second = view.due(now, true).orElseThrow();

        assertThat(view.completed(first, all)).containsExactly(JOB);
        assertThat(view.seen(second, new Seen(soon, false, Optional.empty()), now))
                .isEmpty();

        assertThat(view.ask(JOB, EVERY, now).jobs()).isEqualTo(all);
        assertThat(view.completed(second, FlinkJobs.UNREACHABLE)).isEmpty();
        assertThat(view.ask(JOB, EVERY, now).jobs()).isEqualTo(all);
        view.refresh();
        assertThat(view.completed(second, soon)).as("from before an effect").isEmpty();
    }

    @Test
    @DisplayName("the hurry of somebody who has not asked for two minutes is over")
    void hurry() {
        view.ask(JOB, Duration.ofMillis(250), now);
        look(SERVING, false, Duration.ZERO);
        var look = next();
        pass(Duration.ofMinutes(3));
        view.seen(look, new Seen(SERVING, false, Optional.empty()), now);
        assertThat(pause()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    @DisplayName("one that does not serve for long is given more time for each answer, up to ten seconds")
    void patience() {
        view.ask(JOB, Duration.ofSeconds(10), now);
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
        view.ask(JOB, Duration.ofMillis(500), now);
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
        view.ask(JOB, EVERY, now);
        look(SERVING, false, Duration.ZERO);
        pass(EVERY);
        assertThat(view.due(now, true).orElseThrow().limit()).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
    }

    @Test
    @DisplayName(
            "one that refuses is probably starting: it is asked as often as wanted for two minutes, then every second")
    void refusing() {
        view.ask(JOB, Duration.ofMillis(500), now);
        for (int i = 0; i < 240; i++) {
            look(FlinkJobs.UNREACHABLE, false, Duration.ZERO);
            pass(Duration.ofMillis(500));
        }
        look(FlinkJobs.UNREACHABLE, false, Duration.ZERO);
        assertThat(pause()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    @DisplayName("who has not asked for five minutes is reminded once, and is forgotten a minute later unless it asks")
    void lostInterest() {
        view.ask(JOB, EVERY, now);
        view.ask(SNAPSHOT, EVERY, now);
        pass(Duration.ofMinutes(5));
        assertThat(view.silentSubscribers(now)).isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(view.silentSubscribers(now)).containsExactlyInAnyOrder(JOB, SNAPSHOT);
        assertThat(view.silentSubscribers(now)).isEmpty();
        view.ask(JOB, EVERY, now);
        pass(Duration.ofSeconds(61));
        view.silentSubscribers(now);
        assertThat(view.forget(SNAPSHOT)).isFalse();
        assertThat(view.forget(JOB)).isTrue();
        assertThat(view.abandoned()).isTrue();
    }
}
