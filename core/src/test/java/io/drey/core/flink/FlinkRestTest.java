package io.drey.core.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FlinkRestTest {
    private final FakeJobManager flink = new FakeJobManager();
    private final FlinkRest rest = new FlinkRest(Duration.ofMillis(300));

    @AfterEach
    void close() {
        rest.close();
        flink.close();
    }

    private FlinkRest.Answer get(String path) throws Exception {
        return rest.send("GET", URI.create(flink.address() + path)).get();
    }

    @Test
    @DisplayName("an answer is its status and its request id, or an empty object")
    void answers() throws Exception {
        flink.answers("GET /config", 200, "{\"flink-version\":\"2.3.0\",\"request-id\":\"d1\"}")
                .answers("GET /", 200, "<html>");

        assertThat(get("/config").body()).hasToString("{\"request-id\":\"d1\"}");
        assertThat(get("/").body()).isEmpty();
        assertThat(get("/nothing").code()).isEqualTo(404);
    }

    @Test
    @DisplayName("of Flink's errors the first that says something is shown, and not more of it than fits in a status")
    void errors() throws Exception {
        flink.answers("GET /a", 500, "{\"errors\":[\"Internal server error.\",\"<Exception: no slots>\"]}")
                .answers("GET /b", 500, "{\"errors\":[\"" + "x".repeat(5000) + "\"]}")
                .answers("GET /c", 503, "");

        assertThat(get("/a").error()).isEqualTo("<Exception: no slots>");
        assertThat(get("/b").error()).hasSize(500);
        assertThat(get("/c").error()).isEqualTo("HTTP 503");
    }

    @Test
    @DisplayName("neither a server that does not answer nor one that stops in the middle is waited for")
    void hangs() {
        flink.hangs(true);
        assertThatThrownBy(() -> get("/jobs/overview")).isInstanceOf(ExecutionException.class);
        flink.hangs(false);
        flink.hangsInBody(true);
        flink.answers("GET /jobs/overview", 200, "{\"jobs\":[");
        assertThatThrownBy(() -> get("/jobs/overview")).hasRootCauseInstanceOf(TimeoutException.class);
    }

    @Test
    @DisplayName("of an answer that is larger than any of Flink's the beginning is kept")
    void endless() throws Exception {
        try (var patient = new FlinkRest(Duration.ofSeconds(20))) {
            flink.answers("GET /jobs/overview", 200, "{\"request-id\":\"d1\"" + " ".repeat(5 * 1024 * 1024) + "}");
            var answer = patient.send("GET", URI.create(flink.address() + "/jobs/overview"))
                    .get();
            assertThat(answer.whole()).isFalse();
            assertThat(answer.body().path("request-id").asText()).isEqualTo("d1");
        }
    }
}
