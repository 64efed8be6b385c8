package io.drey.core.host;

import io.drey.core.config.ConfigurationFolder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The files that one plugin asked for while it was loaded, and what was in them then. */
final class AskedFiles {
    private final ConfigurationFolder folder;
    private final Map<String, Optional<String>> asked = new TreeMap<>();
    private boolean loaded;

    AskedFiles(ConfigurationFolder folder) {
        this.folder = folder;
    }

    /** What the plugin gets. */
    synchronized Optional<String> text(String name) {
        var before = asked.get(name);
        if (before != null) {
            return before;
        }
        if (loaded) {
            throw new IllegalStateException("configuration file '" + name
                    + "': ask for it while the plugin is loaded, so that it is loaded anew when the file changes");
        }
        var text = folder.read(name);
        asked.put(name, text);
        return text;
    }

    /** No other file from here on. */
    synchronized void loaded() {
        loaded = true;
    }

    synchronized Set<String> names() {
        return Set.copyOf(asked.keySet());
    }

    /** Of what the plugin was given: it changes with the files. */
    synchronized String key() {
        return key(asked);
    }

    /** The same, of what these files hold now. */
    static String key(ConfigurationFolder folder, Set<String> names) {
        Map<String, Optional<String>> now = new TreeMap<>();
        names.forEach(name -> now.put(name, folder.read(name)));
        return key(now);
    }

    private static String key(Map<String, Optional<String>> texts) {
        return texts.entrySet().stream()
                .map(each -> " " + each.getKey() + " "
                        + each.getValue().map(AskedFiles::hash).orElse("-"))
                .collect(Collectors.joining());
    }

    private static String hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
