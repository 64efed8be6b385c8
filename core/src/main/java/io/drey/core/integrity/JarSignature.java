package io.drey.core.integrity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The detached signature {@code x.jar.sig} of {@code x.jar}: Ed25519 over the 32 bytes of the jar's SHA-256, in base64, one
 * signature a line, so that a jar can be signed with the old and the new key while keys are exchanged.
 */
public final class JarSignature {
    private static final long LIMIT = 16 << 10;

    private JarSignature() {}

    /** Where the signature of a jar lies. */
    public static Path of(Path jar) {
        return jar.resolveSibling(jar.getFileName() + ".sig");
    }

    /** The line for a jar. */
    public static String sign(Path jar, PrivateKey key) {
        try (var in = Files.newInputStream(jar)) {
            var digest = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(digest.digest());
            return Base64.getEncoder().encodeToString(signature.sign()) + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(jar + " cannot be read", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has SHA-256 and Ed25519", e);
        }
    }

    /**
     * Why the signature beside a jar does not count; empty when one of its lines is of one of these keys.
     *
     * @param sha256 of the copy that is going to be loaded, in hex
     */
    static Optional<String> lacks(Path jar, String sha256, List<PublicKey> keys) {
        var file = of(jar);
        var name = file.getFileName().toString();
        try {
            if (!Files.exists(file)) {
                return Optional.of("there is no " + name + " beside it");
            }
            if (Files.size(file) > LIMIT) {
                return Optional.of(name + " is larger than 16 KiB");
            }
            var digest = HexFormat.of().parseHex(sha256);
            return Files.readString(file, StandardCharsets.ISO_8859_1)
                            .lines()
                            .anyMatch(line -> keys.stream().anyMatch(key -> verifies(line.strip(), digest, key)))
                    ? Optional.empty()
                    : Optional.of(name + " is not of this jar, or not by one of the keys");
        } catch (IOException e) {
            return Optional.of(name + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static boolean verifies(String line, byte[] digest, PublicKey key) {
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(digest);
            return signature.verify(Base64.getDecoder().decode(line));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // No signature at all: as good as a wrong one.
            return false;
        }
    }
}
