package io.drey.core.sweep;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Removes the job result stores of launches that are over: {@code job-result-store/CLUSTER/UUID} below a storage that is
 * reached as files. A store is Flink's memory of which jobs of one launch have ended, and nobody reads it once its
 * JobManagers are gone. What is not plainly such a store is left alone.
 */
public final class ResultStoreSweep {
    private static final Pattern STORE =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern ENDED = Pattern.compile("\\.?[0-9a-f]{32}\\.json(\\.crc)?");
    private static final Pattern DIRTY = Pattern.compile("\\.?[0-9a-f]{32}_DIRTY\\.json(\\.crc)?");

    private final Path stores;
    private final Instant changedBefore;

    /**
     * @param storage what {@code high-availability.storageDir} is, from here
     * @param changedBefore stores that were changed later are kept
     */
    public ResultStoreSweep(Path storage, Instant changedBefore) {
        this.stores = requireNonNull(storage).resolve("job-result-store");
        this.changedBefore = requireNonNull(changedBefore);
    }

    /**
     * What became of one store, or would.
     *
     * @param directory {@code CLUSTER/UUID}
     * @param swept whether it is removed
     * @param why
     */
    public record Finding(String directory, boolean swept, String why) {}

    /**
     * Looks at what is stored first, and asks what is in use only then: a launch has its objects before its JobManagers
     * write, so what was there and is not in use is over.
     *
     * @param inUse asked once
     * @param delete whether to remove; otherwise only to tell
     * @return one for each store, ordered by name
     * @throws IOException when the storage cannot be read, or something cannot be removed
     */
    public List<Finding> sweep(Supplier<ClustersInUse> inUse, boolean delete) throws IOException {
        var found = found();
        var used = inUse.get();
        List<Finding> findings = new ArrayList<>();
        for (var store : found) {
            var kept = kept(store, used);
            if (kept.isEmpty() && delete && !removed(store.path())) {
                kept = "changed just now";
            }
            findings.add(new Finding(store.name(), kept.isEmpty(), kept.isEmpty() ? "its launch is over" : kept));
        }
        return findings;
    }

    private record Store(String cluster, Path path) {
        String id() {
            return String.valueOf(path.getFileName());
        }

        String name() {
            return cluster + "/" + id();
        }
    }

    private List<Store> found() throws IOException {
        if (!Files.isDirectory(stores, LinkOption.NOFOLLOW_LINKS)) {
            throw new NotDirectoryException(
                    stores + " is not there. --storage must be what high-availability.storageDir"
                            + " is, as seen from here, and is not a link");
        }
        List<Store> found = new ArrayList<>();
        for (var cluster : directories(stores)) {
            directories(cluster).forEach(path -> found.add(new Store(String.valueOf(cluster.getFileName()), path)));
        }
        return found;
    }

    private static List<Path> directories(Path parent) throws IOException {
        return children(parent).stream()
                .filter(child -> Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS))
                .sorted()
                .toList();
    }

    private static List<Path> children(Path parent) throws IOException {
        try (var children = Files.list(parent)) {
            return children.toList();
        }
    }

    /** Why it is kept; empty when it is not. */
    private String kept(Store store, ClustersInUse used) throws IOException {
        if (!STORE.matcher(store.id()).matches()) {
            return "not named as one of a launch";
        }
        if (used.resultStores().contains(store.name())) {
            return "in use by the JobManagers of " + store.cluster();
        }
        if (used.busy().contains(store.cluster())) {
            return "an operation of " + store.cluster() + " is under way";
        }
        if (later(store.path())) {
            return "changed a short time ago";
        }
        for (var file : children(store.path())) {
            var text = String.valueOf(file.getFileName());
            if (DIRTY.matcher(text).matches()) {
                return "the cleanup of job " + text.replace("_DIRTY.json", "")
                        + " did not end: look for what it left in the storage, then remove this by hand";
            }
            if (!ENDED.matcher(text).matches() || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return "holds " + text + ", which Flink does not write there";
            }
            if (later(file)) {
                return "changed a short time ago";
            }
        }
        return "";
    }

    private boolean later(Path path) throws IOException {
        return !Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
                .toInstant()
                .isBefore(changedBefore);
    }

    /** Only files that were looked at: something that came since keeps its directory. */
    private static boolean removed(Path store) throws IOException {
        try {
            for (var file : children(store)) {
                if (!ENDED.matcher(String.valueOf(file.getFileName())).matches()) {
                    return false;
                }
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(store);
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        } catch (NoSuchFileException e) {
            // Somebody else removes it.
            return true;
        }
    }
}
