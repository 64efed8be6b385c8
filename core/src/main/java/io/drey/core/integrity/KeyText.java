package io.drey.core.integrity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Ed25519 keys as text: PEM, as openssl writes it, or the one line of base64 within. */
public final class KeyText {
    private static final long LIMIT = 64 << 10;

    /** How the base64 of every Ed25519 public key begins. */
    private static final String PUBLIC = "MCowBQYDK2VwAyEA";

    private static final Pattern PEM = Pattern.compile("-----BEGIN ([A-Z ]+)-----([^-]*)-----END \\1-----");

    private KeyText() {}

    /**
     * Public keys.
     *
     * @param given a file with PEM keys, PEM, or base64
     * @throws IllegalArgumentException when there is none in it
     */
    static List<PublicKey> publicKeys(String given) {
        if (given.startsWith(PUBLIC)) {
            return List.of(publicKey(given, "it"));
        }
        var text = given.contains("-----BEGIN") ? given : content(Path.of(given));
        List<PublicKey> keys = new ArrayList<>();
        var matcher = PEM.matcher(text);
        while (matcher.find()) {
            if (!matcher.group(1).equals("PUBLIC KEY")) {
                throw new IllegalArgumentException("found a " + matcher.group(1)
                        + ", must be a PUBLIC KEY. Never give the operator a private one");
            }
            keys.add(publicKey(matcher.group(2), "a PUBLIC KEY in it"));
        }
        if (keys.isEmpty() && text.strip().startsWith(PUBLIC)) {
            keys.add(publicKey(text, "it"));
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "there is no PUBLIC KEY in it, must be a file, PEM or base64 of an Ed25519"
                            + " key, as drey plugins keygen writes it");
        }
        return keys;
    }

    private static PublicKey publicKey(String base64, String what) {
        try {
            return factory().generatePublic(new X509EncodedKeySpec(bytes(base64)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(what + " is no Ed25519 public key", e);
        }
    }

    /**
     * The private key of a file.
     *
     * @throws IllegalArgumentException when there is none in it; says nothing of the content
     */
    public static PrivateKey privateKey(Path file) {
        var matcher = PEM.matcher(content(file));
        if (!matcher.find() || !matcher.group(1).equals("PRIVATE KEY")) {
            throw new IllegalArgumentException(
                    file + ": there is no PRIVATE KEY in it, must be PEM (PKCS #8), as drey plugins keygen writes it");
        }
        try {
            return factory().generatePrivate(new PKCS8EncodedKeySpec(bytes(matcher.group(2))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Without the cause: it may quote what it was given.
            throw new IllegalArgumentException(file + ": its PRIVATE KEY is no Ed25519 key");
        }
    }

    /** A key as PEM. */
    public static String pem(Key key) {
        var name = key instanceof PrivateKey ? "PRIVATE KEY" : "PUBLIC KEY";
        return "-----BEGIN " + name + "-----\n" + base64(key) + "\n-----END " + name + "-----\n";
    }

    /** A key as one line. */
    public static String base64(Key key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    private static KeyFactory factory() throws GeneralSecurityException {
        return KeyFactory.getInstance("Ed25519");
    }

    private static byte[] bytes(String base64) {
        return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
    }

    private static String content(Path file) {
        try {
            if (Files.size(file) > LIMIT) {
                throw new IllegalArgumentException(file + ": it is larger than 64 KiB, so it is no key");
            }
            return Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    file + " cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }
}
