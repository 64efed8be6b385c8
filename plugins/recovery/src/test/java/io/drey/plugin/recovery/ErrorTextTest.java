package io.drey.plugin.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ErrorTextTest {
    @Test
    @DisplayName("the deepest cause says what the error leaves out")
    void deepest() {
        assertThat(
                        ErrorText.of(
                                "{\"message\":\"Could not start the JobMaster.\",\"throwableList\":["
                                        + "{\"message\":\"x.StateException: Cannot map state.\"},{\"message\":\"Cannot map state.\"}]}"))
                .isEqualTo("Could not start the JobMaster: Cannot map state");
    }

    @Test
    @DisplayName("what the error says already is not said again")
    void saidAlready() {
        assertThat(ErrorText.of("{\"message\":\"The main method caused an error: no arguments\",\"throwableList\":["
                        + "{\"message\":\"no arguments\"}]}"))
                .isEqualTo("The main method caused an error: no arguments");
    }

    @Test
    @DisplayName("the reason of a container comes first, and what is no JSON is told as it is, up to a limit")
    void others() {
        assertThat(ErrorText.of("{\"message\":\"back-off\",\"additionalMetadata\":{\"reason\":\"CrashLoopBackOff\"},"
                        + "\"throwableList\":[]}"))
                .isEqualTo("CrashLoopBackOff: back-off");
        assertThat(ErrorText.of("Job Not Found")).isEqualTo("Job Not Found");
        assertThat(ErrorText.of("x".repeat(1000))).hasSize(500);
    }
}
