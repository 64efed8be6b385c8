package io.drey.spi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of unknown origin, without their secrets. */
class RedactionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.sql.SQLException: jdbc:mysql://db/orders?user=flink&password=hunter2",
                "No suitable driver for jdbc:postgresql://flink:hunter2@db/orders",
                "jdbc:sqlserver://db;user=flink;password=hunter2;encrypt=true",
                "jdbc:oracle:thin:flink/hunter2@//db:1521/orders",
                "403 for https://bucket.s3.amazonaws.com/k?X-Amz-Credential=a&X-Amz-Signature=hunter2",
                "https://account.blob.core.windows.net/c/b?sv=2024&sig=hunter2",
                "sasl.jaas.config=\"PlainLoginModule required username=\"u\" password=\"hunter2\"",
                "{\"clientSecret\": \"hunter2\"}",
                "Authorization: Bearer hunter2",
                "Authorization: Basic hunter2",
                "fs.azure.account.key.drey.dfs.core.windows.net: hunter2",
                "fs.s3a.access.key=hunter2",
                "-Djavax.net.ssl.keyStorePassword=hunter2",
            })
    void a_secret_is_hidden(String text) {
        assertThat(Redaction.text(text)).doesNotContain("hunter2").contains("******");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.io.IOException: No space left on device",
                "x.InvalidTokenException: The session has expired",
                "java.io.FileNotFoundException: s3://bucket/savepoints/savepoint-1/_metadata",
                "Caused by: x.Wrapper: Key group 3 is not in KeyGroupRange{startKeyGroup=0, endKeyGroup=2}",
                "x.WrongPasswordError:\n\tat x.Login.check(Login.java:3)",
            })
    void anything_else_stays(String text) {
        assertThat(Redaction.text(text)).isEqualTo(text);
    }

    @Test
    void the_rest_of_a_text_with_a_secret_stays() {
        assertThat(Redaction.text("x.A: jdbc:mysql://u:p@db/orders?password=p is down\n\tat x.B.c(B.java:1)"))
                .isEqualTo("x.A: jdbc:mysql://******@db/orders?****** is down\n\tat x.B.c(B.java:1)");
    }

    @Test
    void a_hostile_text_takes_no_longer_than_another_one() {
        for (var part : new String[] {"token", "://", "jdbc:oracle:a:", "password = ", "://x?", "token\"  "}) {
            assertTimeout(Duration.ofSeconds(20), () -> Redaction.text(part.repeat(10_000)));
        }
    }
}
