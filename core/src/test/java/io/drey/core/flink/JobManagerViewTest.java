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
        var look = view.due(now).orElseThrow();
        pass(takes);
        return !view.seen(look, new Seen(jobs, hung, Optional.of(URI.create("http://x"))), now)
                .isEmpty();
    }

    /** The next look, whenever it is due. */
    private Look next() {
        while (true) {
            var look = view.due(now);
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
        var underWay = view.due(now).orElseThrow();
        assertThat(view.due(now)).as("one look at a time").isEmpty();
        view.refresh();
        assertThat(view.ask(JOB, EVERY, now).at()).isEqualTo(Instant.MIN);
        var afterwards = view.due(now);
        assertThat(afterwards).as("one that hangs holds up nothing").isPresent();
        assertThat(view.seen(underWay, new Seen(FlinkJobs.UNREACHABLE, false, Optional.empty()), now))
                .isEmpty();
        assertThat(view.due(now)).as("one look at a time").isEmpty();
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

    @Test
    @DisplayName(
            "a JobManager that hangs is asked less and less often, up to every half minute, and given more and more time")
    void hanging() {
        view.ask(JOB, Duration.ofMillis(500), now);
        List<String> hangs = new ArrayList<>();
        var look = next();
        for (int i = 0; i < 9; i++) {
            pass(look.limit());
            view.seen(look, new Seen(FlinkJobs.UNREACHABLE, true, Optional.empty()), now);
            var gaveUp = now;
            var next = next();
            hangs.add(look.limit().toSeconds() + " s, then "
                    + Duration.between(gaveUp, now).toMillis() + " ms");
            look = next;
        }
        assertThat(hangs)
                .startsWith("1 s, then 500 ms", "2 s, then 1000 ms", "4 s, then 2000 ms")
                .endsWith("128 s, then 30000 ms");
    }

    @Test
    @DisplayName("one that served is given all the time that a request has")
    void served() {
        view.ask(JOB, EVERY, now);
        look(SERVING, false, Duration.ZERO);
        pass(EVERY);
        assertThat(view.due(now).orElseThrow().limit()).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
    }

    @Test
    @DisplayName(
            "one that refuses is probably starting: it is asked as often as wanted for half a minute, then every second")
    void refusing() {
        view.ask(JOB, Duration.ofMillis(500), now);
        for (int i = 0; i < 58; i++) {
            look(FlinkJobs.UNREACHABLE, false, Duration.ZERO);
            pass(Duration.ofMillis(500));
        }
        pass(Duration.ofSeconds(2));
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
