package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.spi.config.FlinkConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContainerEndTest {
    private static final String LOG = """
        ion.java:130)
        2026-11-30 04:00:00,000 INFO  org.apache.flink.core.plugin.DefaultPluginManager [] - s3.secret-key: hunter2
        org.apache.flink.util.FlinkException: an earlier one
        \tat org.apache.flink.Earlier.run(Earlier.java:1)
        2026-11-30 04:00:01,000 ERROR org.apache.flink.runtime.entrypoint.ClusterEntrypoint [] - Could not start cluster entrypoint KubernetesApplicationClusterEntrypoint.
        org.apache.flink.runtime.entrypoint.ClusterEntrypointException: Failed to initialize the cluster entrypoint KubernetesApplicationClusterEntrypoint.
        \tat org.apache.flink.runtime.entrypoint.ClusterEntrypoint.startCluster(ClusterEntrypoint.java:257)
        Caused by: java.io.IOException: Could not create FileSystem for highly available storage path (s3://me:pw@ha/x?sig=abc)
        \t... 2 more
        Caused by: java.io.UncheckedIOException: between
        Caused by: java.nio.file.AccessDeniedException: /flink/ha
        \tat sun.nio.fs.UnixException.translateToIOException(Unknown Source)
        2026-11-30 04:00:02,000 INFO  org.apache.flink.runtime.entrypoint.ClusterEntrypoint [] - Shutting down.
        """;

    private static ContainerEnd end(String message, boolean messages) {
        return ContainerEnd.of(
                JsonNodeFactory.instance.objectNode().put("exitCode", 239).put("message", message), messages);
    }

    @Test
    void only_the_last_exception_and_its_causes_are_used_of_a_log() {
        assertThat(end(LOG, true).text())
                .isEqualTo("ClusterEntrypointException: Failed to initialize the cluster entrypoint"
                        + " KubernetesApplicationClusterEntrypoint."
                        + " -> IOException: Could not create FileSystem for highly available storage path"
                        + " (s3://******@ha/x?******"
                        + " -> AccessDeniedException: /flink/ha");
        assertThat(end(LOG, true).line()).isEmpty();
    }

    @Test
    void a_log_that_begins_within_the_stack_trace_still_has_its_causes() {
        assertThat(end("\tat a.B.c(B.java:1)\nCaused by: java.lang.OutOfMemoryError: Metaspace\n\t... 1 more", true)
                        .text())
                .isEqualTo("OutOfMemoryError: Metaspace");
        assertThat(end("Exception in thread \"main\" java.lang.NoClassDefFoundError: a/B", true)
                        .text())
                .isEqualTo("NoClassDefFoundError: a/B");
    }

    @Test
    void values_that_may_be_secrets_are_hidden_and_long_ones_cut() {
        assertThat(end("a.b.LoginException: user=me password: hunter2, \"token\": \"abc\" jaas='x'", true)
                        .text())
                .isEqualTo("LoginException: user=me password: ******, \"token\": ****** jaas=******");
        assertThat(end("a.b.LongException: " + "x".repeat(5_000), true).text()).hasSizeLessThan(300);
    }

    @Test
    void without_an_exception_the_exit_code_is_what_is_known() {
        assertThat(end("line one of a log\nline two with password=x", true).text())
                .isEqualTo("exit code 239");
        assertThat(end(LOG, false).text()).isEqualTo("exit code 239");
        assertThat(ContainerEnd.of(JsonNodeFactory.instance.objectNode(), true).text())
                .isEmpty();
    }

    @Test
    void a_key_turns_messages_off() {
        assertThat(ContainerEnd.messages(FlinkConfig.EMPTY)).isTrue();
        assertThat(ContainerEnd.messages(
                        new FlinkConfig(Map.of("kubernetes.operator.termination-messages.enabled", "false"))))
                .isFalse();
    }
}
