package io.drey.testkit;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The nodes of a ZooKeeper, with Flink's high-availability metadata below {@code /flink/CLUSTER}. Its limits: no sessions, no
 * watches, no versions. Not thread-safe.
 */
public final class FakeZooKeeper implements FakeMetadata {
    private static final String ROOT = "/flink/";

    private final TreeMap<String, String> nodes = new TreeMap<>();
    private boolean unreachable;

    /** From now on no server answers, or they do again. */
    public void unreachable(boolean now) {
        unreachable = now;
    }

    /** Whether a connection would be made. */
    public boolean reachable() {
        return !unreachable;
    }

    /** Names of the nodes below a path, in order. */
    public List<String> children(String path) {
        var prefix = path.equals("/") ? path : path + "/";
        return nodes.keySet().stream()
                .filter(node -> node.startsWith(prefix))
                .map(node -> node.substring(prefix.length()))
                .map(node -> node.contains("/") ? node.substring(0, node.indexOf('/')) : node)
                .distinct()
                .toList();
    }

    /** Whether there is a node. */
    public boolean exists(String path) {
        return nodes.containsKey(path) || !children(path).isEmpty();
    }

    /** What a node holds. */
    public Optional<String> data(String path) {
        return Optional.ofNullable(nodes.get(path));
    }

    /** Makes a node, or replaces what it holds. */
    public void put(String path, String data) {
        nodes.put(path, data);
    }

    /** Removes a node and all below it. */
    public void remove(String path) {
        nodes.keySet().removeIf(node -> node.equals(path) || node.startsWith(path + "/"));
    }

    private static String plan(FakeFlink.Start start) {
        return ROOT + start.cluster() + "/execution-plans/" + start.jobId();
    }

    private static String job(FakeFlink.Start start) {
        return ROOT + start.cluster() + "/jobs/" + start.jobId();
    }

    @Override
    public void submit(FakeFlink.Start start) {
        put(plan(start), start.deployment());
        put(job(start) + "/leader", start.deployment());
    }

    @Override
    public Optional<String> submittedBy(FakeFlink.Start start) {
        return data(plan(start));
    }

    @Override
    public void completed(FakeFlink.Start start, long id, String path) {
        if (knows(start)) {
            remove(job(start) + "/checkpoints");
            put(job(start) + "/checkpoints/" + String.format("%019d", id), path);
        }
    }

    @Override
    public Optional<String> newest(FakeFlink.Start start) {
        var checkpoints = job(start) + "/checkpoints";
        var ids = children(checkpoints);
        return ids.isEmpty() ? Optional.empty() : data(checkpoints + "/" + ids.getLast());
    }

    @Override
    public boolean knows(FakeFlink.Start start) {
        return exists(job(start));
    }

    @Override
    public void forget(FakeFlink.Start start) {
        remove(plan(start));
        remove(job(start));
    }

    @Override
    public void lose(String namespace, String cluster) {
        remove(ROOT + cluster);
    }
}
