package io.drey.core.integrity;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which plugin jars may be loaded: those whose SHA-256 is on a list, and those with a detached signature of a known key.
 * Immutable.
 */
public final class Integrity {
    /** Every jar may be loaded. */
    public static final Integrity OFF = new Integrity(Mode.OFF, Set.of(), List.of(), Set.of());

    /** What happens to a jar that nobody vouches for. */
    public enum Mode {
        OFF,
        WARN,
        ENFORCE
    }

    private final Mode mode;
    private final Set<String> allowed;
    private final List<PublicKey> keys;
    private final Set<Path> trusted;

    private Integrity(Mode mode, Set<String> allowed, List<PublicKey> keys, Set<Path> trusted) {
        this.mode = mode;
        this.allowed = Set.copyOf(allowed);
        this.keys = List.copyOf(keys);
        this.trusted = Set.copyOf(trusted);
    }

    /**
     * As configured.
     *
     * @param mode off, warn or enforce
     * @param hashes SHA-256 in hex
     * @param keys each a file, PEM or base64
     * @throws IllegalArgumentException with a line for each thing that is wrong
     */
    public static Integrity of(String mode, List<String> hashes, List<String> keys) {
        List<String> problems = new ArrayList<>();
        Set<String> allowed = new LinkedHashSet<>();
        for (var hash : hashes) {
            if (hash.matches("[0-9a-fA-F]{64}")) {
                allowed.add(hash.toLowerCase(Locale.ROOT));
            } else {
                problems.add("drey.plugins.allowed-sha256: found '" + hash
                        + "', must be 64 hexadecimal digits, as sha256sum prints them");
            }
        }
        List<PublicKey> known = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            try {
                known.addAll(KeyText.publicKeys(keys.get(i)));
            } catch (IllegalArgumentException e) {
                problems.add("drey.plugins.public-keys, entry " + (i + 1) + ": " + e.getMessage());
            }
        }
        var chosen = Arrays.stream(Mode.values())
                .filter(each -> each.name().equalsIgnoreCase(mode))
                .findFirst();
        if (chosen.isEmpty()) {
            problems.add("drey.plugins.integrity: found '" + mode + "', must be off, warn or enforce");
        } else if (chosen.get() == Mode.ENFORCE && allowed.isEmpty() && known.isEmpty() && problems.isEmpty()) {
            problems.add("drey.plugins.integrity: found 'enforce', and nothing that could be enforced. Set"
                    + " drey.plugins.allowed-sha256 or drey.plugins.public-keys");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
        return new Integrity(chosen.orElseThrow(), allowed, known, Set.of());
    }

    /** The same, but a folder whose jars are as good as the operator itself, since they come along with it. */
    public Integrity trusting(Path folder) {
        return new Integrity(mode, allowed, keys, Set.of(folder.toAbsolutePath().normalize()));
    }

    /** What happens to a jar that nobody vouches for. */
    public Mode mode() {
        return mode;
    }

    /**
     * Why nobody vouches for a jar; empty when somebody does, or nobody has to.
     *
     * @param source where the user put it
     * @param sha256 of the copy that is going to be loaded, in hex
     */
    public Optional<String> lacks(Path source, String sha256) {
        if (mode == Mode.OFF || allowed.contains(sha256) || comesAlong(source)) {
            return Optional.empty();
        }
        var listed = "its SHA-256 " + sha256 + " is not in drey.plugins.allowed-sha256";
        return keys.isEmpty()
                ? Optional.of(listed)
                : JarSignature.lacks(source, sha256, keys).map(why -> why + ", and " + listed);
    }

    private boolean comesAlong(Path source) {
        try {
            var folder = source.toAbsolutePath().normalize().getParent();
            // A link in it that leads elsewhere does not make a stranger a friend.
            return folder != null
                    && trusted.contains(folder)
                    && source.toRealPath().startsWith(folder.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }
}
