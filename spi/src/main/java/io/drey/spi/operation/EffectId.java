package io.drey.spi.operation;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A name for one effect that is the same each time it is derived, so that an effect can be recognised after a crash:
 * Flink takes caller-chosen job and trigger ids, Kubernetes takes object names and annotations.
 *
 * @param hex 32 hex digits, the form of Flink's own ids
 */
public record EffectId(String hex) {
    public EffectId {
        requireNonNull(hex, "hex");
    }

    /** The id of an operation's effect: one operation, step and attempt give one id. */
    public static EffectId derive(String operation, String step, int attempt) {
        return derive(operation + "/" + step + "/" + attempt);
    }

    /** The id of an effect outside any operation, from what is stored already (uid with generation, nonce, fire time). */
    public static EffectId derive(String stored) {
        try {
            var sha = MessageDigest.getInstance("SHA-256").digest(stored.getBytes(StandardCharsets.UTF_8));
            return new EffectId(HexFormat.of().formatHex(sha, 0, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return hex;
    }
}
