package io.drey.core.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys whose time comes. */
class AgendaTest {
    private final List<String> due = new CopyOnWriteArrayList<>();
    private final Agenda<String> agenda = new Agenda<>("test", Clock.systemUTC(), key -> {
        due.add(key);
        if (key.equals("throws")) {
            throw new IllegalStateException("a test");
        }
    });
    private final Instant now = Instant.now();

    @AfterEach
    void close() {
        agenda.close();
    }

    @Test
    void keys_come_in_the_order_of_their_times_each_once_and_no_key_before_its_time() {
        agenda.add("never", now.plusSeconds(3600));
        agenda.add("third", now.plusMillis(300));
        agenda.add("second", now.plusMillis(200));
        agenda.add("first", now);

        await().until(() -> due.size() >= 3);

        assertThat(due).containsExactly("first", "second", "third");
    }

    @Test
    void the_earlier_of_two_times_counts() {
        agenda.add("key", now.plusSeconds(3600));
        agenda.add("key", now.plusMillis(100));
        agenda.add("key", now.plusSeconds(7200));
        agenda.add("last", now.plusMillis(200));

        await().until(() -> due.contains("last"));

        assertThat(due).containsExactly("key", "last");
    }

    @Test
    void a_key_that_fails_does_not_end_the_others() {
        agenda.add("throws", now);
        agenda.add("next", now.plusMillis(50));

        await().until(() -> due.contains("next"));
    }
}
