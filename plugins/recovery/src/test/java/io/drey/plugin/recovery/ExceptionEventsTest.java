package io.drey.plugin.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Exceptions of a job as events (behaviour 4.4). */
class ExceptionEventsTest {
    private final World world = World.running("last-state", World.HA, "");

    private void thrown(String what) {
        world.sim().flink().fails("tests", "job", what, what + ": broken\n\tat a.B.c(B.java:1)");
    }

    @Test
    void an_exception_is_told_once_with_where_it_came_from() {
        thrown("java.lang.IllegalStateException");

        world.pass(10);

        var events = world.events("JobException");
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().message()).startsWith("java.lang.IllegalStateException: broken");
        assertThat(events.getFirst().component()).isEqualTo("Job");
        assertThat(events.getFirst().annotations())
                .containsEntry("task-name", "map (1/1)")
                .containsEntry("tm-id", "job-taskmanager-1-1")
                .containsEntry("endpoint", "10.0.0.1:6122")
                .containsEntry("failure-label-type", "user")
                .containsKey("exception-timestamp");
    }

    @Test
    @Tag("S236")
    void s236_of_many_the_newest_are_told() {
        for (int i = 0; i < 15; i++) {
            thrown("java.lang.Exception" + i);
            world.sim().clock().advance(Duration.ofMillis(10));
        }

        world.pass(10);

        assertThat(world.events("JobException")).hasSize(10);
        assertThat(world.events("JobException").getLast().message()).contains("Exception14");
        assertThat(world.events("JobException").getFirst().message()).contains("Exception5");
    }

    @Test
    @Tag("S237")
    void s237_a_stack_trace_is_cut() {
        var trace = IntStream.range(0, 20).mapToObj(i -> "line " + i).collect(Collectors.joining("\n"));
        world.sim().flink().fails("tests", "job", "java.lang.Exception", trace);

        world.pass(10);

        assertThat(world.events("JobException").getFirst().message())
                .isEqualTo("line 0\nline 1\nline 2\nline 3\nline 4\n(15 more lines)");
    }

    @Test
    void a_secret_in_an_exception_is_hidden() {
        world.sim()
                .flink()
                .fails(
                        "tests",
                        "job",
                        "java.lang.Exception",
                        "jdbc:mysql://u:hunter2@db/orders?password=hunter2\n\tat a.B");

        world.pass(10);

        assertThat(world.events("JobException").getFirst().message())
                .isEqualTo("jdbc:mysql://******@db/orders?******\n\tat a.B");
    }

    @Test
    @Tag("S238")
    void s238_what_is_old_when_it_is_first_seen_is_not_told() {
        thrown("java.lang.Exception");
        world.sim().clock().advance(Duration.ofMinutes(31));

        world.pass(10);

        assertThat(world.events("JobException")).isEmpty();
    }

    @Test
    @Tag("S239")
    void s239_another_operator_tells_only_what_is_new() {
        thrown("java.lang.Exception1");
        world.pass(5);
        world.sim().restart();
        thrown("java.lang.Exception2");
        world.pass(10);

        assertThat(world.events("JobException"))
                .extracting(event -> event.message().substring(0, 20))
                .containsExactly("java.lang.Exception1", "java.lang.Exception2");
    }

    @Test
    @Tag("S240")
    void s240_what_ended_a_job_is_told_and_nothing_after_its_end() {
        thrown("java.lang.Exception1");
        world.sim().flink().becomes("tests", "job", "FAILED");
        world.pass(10);
        assertThat(world.events("JobException")).hasSize(1);
        world.sim().clock().advance(Duration.ofMinutes(1));

        thrown("java.lang.Exception2");
        world.pass(10);
        assertThat(world.events("JobException")).hasSize(1);
    }

    @Test
    @Tag("S241")
    void s241_annotations_are_such_that_kubernetes_takes_them() {
        world.sim().flink().fails("tests", "job", "java.lang.Exception", "one\ttwo\u0007\nthree");
        world.pass(10);

        assertThat(world.events("JobException").getFirst().annotations().values())
                .allMatch(value -> value.chars().noneMatch(Character::isISOControl));
    }
}
