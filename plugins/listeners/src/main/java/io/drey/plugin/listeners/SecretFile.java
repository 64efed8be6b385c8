package io.drey.plugin.listeners;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A secret in a file, which may be replaced at any time, as Kubernetes does with mounted secrets: it is read each time
 * that it is needed.
 */
record SecretFile(Path path) {
    private static final int MAX_BYTES = 64 * 1024;

    /**
     * The secret, without blanks and line ends around it.
     *
     * @throws IOException when there is none; the message names the file, and says nothing of what is in it
     */
    String read() throws IOException {
        byte[] bytes;
        try (var in = Files.newInputStream(path)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new IOException(path + " cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IOException(path + " has more than " + MAX_BYTES + " bytes");
        }
        var text = new String(bytes, UTF_8).strip();
        if (text.isEmpty()) {
            throw new IOException(path + " is empty");
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IOException(path + " has more than one line");
        }
        return text;
    }
}
