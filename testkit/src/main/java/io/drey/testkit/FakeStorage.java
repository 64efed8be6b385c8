package io.drey.testkit;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Where checkpoints and savepoints are kept: outlives JobManagers and operators. Not thread-safe. */
public final class FakeStorage {
    /**
     * @param checkpointId as Flink counts them
     * @param progress how much of its input the job had done
     */
    public record Saved(long checkpointId, long progress, boolean savepoint) {}

    private final Map<String, Saved> saved = new HashMap<>();
    private Optional<String> newestSavepoint = Optional.empty();
    private Optional<String> newest = Optional.empty();

    /** A savepoint that somebody took elsewhere. */
    public void put(String path, long checkpointId, long progress) {
        put(path, new Saved(checkpointId, progress, true));
    }

    void put(String path, Saved snapshot) {
        saved.put(path, snapshot);
        newest = Optional.of(path);
        if (snapshot.savepoint()) {
            newestSavepoint = Optional.of(path);
        }
    }

    /** What is kept under a path. */
    public Optional<Saved> get(String path) {
        return Optional.ofNullable(saved.get(path));
    }

    /** The path that somebody finds who looks for the newest savepoint. */
    public String newestSavepoint() {
        return newestSavepoint.orElseThrow(() -> new AssertionError("no savepoint was taken"));
    }

    /** The path that somebody finds who looks for the newest snapshot of any kind. */
    public String newest() {
        return newest.orElseThrow(() -> new AssertionError("nothing was saved"));
    }

    /** How many savepoints are kept. */
    public int savepoints() {
        return (int) saved.values().stream().filter(Saved::savepoint).count();
    }

    /** Somebody deletes it. */
    public void lose(String path) {
        saved.remove(path);
    }
}
