package io.drey.core.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.plan.Event;
import io.drey.spi.plan.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class EventManifestTest {
    private static final ObjectKey ABOUT = new ObjectKey("flink.apache.org/v1beta1", "FlinkDeployment", "tests", "job");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Event MISSING = Event.warning("Job", "Missing", "Job Not Found");

    private static String name(String uid, Event event) {
        return EventManifest.of(ABOUT, uid, event, NOW)
                .path("metadata")
                .path("name")
                .asText();
    }

    @Test
    @Tag("S028")
    void whatHappensAgainIsTheSameEventWithACount() {
        var first = EventManifest.of(ABOUT, "uid", MISSING, NOW);
        var second = EventManifest.of(ABOUT, "uid", MISSING, NOW.plus(Duration.ofMinutes(1)));

        assertThat(ObjectKey.of(second)).isEqualTo(ObjectKey.of(first));
        var again = EventManifest.again(first, second);
        assertThat(again.path("count").asInt()).isEqualTo(2);
        assertThat(again.path("lastTimestamp").asText()).isEqualTo("2026-01-01T00:01:00Z");
        assertThat(again.has("firstTimestamp")).isFalse();
    }

    @Test
    @Tag("S030")
    void anotherResourceOfTheSameNameHasEventsOfItsOwn() {
        assertThat(name("other", MISSING)).isNotEqualTo(name("uid", MISSING));
    }

    @Test
    @Tag("S029")
    @Tag("S032")
    void theKeyDecidesWhatIsTheSameEvent() {
        assertThat(name("uid", MISSING.foldedBy("k")))
                .isEqualTo(name(
                        "uid",
                        Event.warning("Job", "Missing", "said otherwise")
                                .annotated(Map.of("label", "another"))
                                .foldedBy("k")))
                .isNotEqualTo(name("uid", MISSING.foldedBy("later")));
    }

    @Test
    @Tag("S034")
    void annotationsAreStored() {
        assertThat(EventManifest.of(ABOUT, "uid", MISSING.annotated(Map.of("task-name", "map")), NOW)
                        .path("metadata")
                        .path("annotations")
                        .path("task-name")
                        .asText())
                .isEqualTo("map");
    }
}
