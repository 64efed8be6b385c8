package io.drey.plugin.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.Stat;

/**
 * A connection to ZooKeeper for one read or removal: none is kept, so none is left when the plugin goes.
 *
 * <p>A pass waits for it, so it has a limit for all that is done with it, far below that of a call into a plugin.
 */
final class Ensemble implements Nodes {
    /** For a connection from its start to its last answer. */
    static final Duration LIMIT = Duration.ofMillis(1500);

    private static final int SESSION_MILLIS = 10_000;
    private static final int CLOSE_MILLIS = 500;

    private final ZooKeeper client;
    private final String quorum;
    private final Duration limit;
    private final long began = System.nanoTime();

    private Ensemble(ZooKeeper client, String quorum, Duration limit) {
        this.client = client;
        this.quorum = quorum;
        this.limit = limit;
    }

    /**
     * Connects, and sees from then on at least what was written before.
     *
     * @throws IOException when no server answers within the limit
     */
    static Ensemble connect(String quorum, Duration limit) throws IOException {
        var connected = new CountDownLatch(1);
        var config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        config.setProperty(ZKClientConfig.ZOOKEEPER_REQUEST_TIMEOUT, String.valueOf(limit.toMillis() / 2));
        var client = new ZooKeeper(
                quorum,
                SESSION_MILLIS,
                event -> {
                    if (event.getState() == KeeperState.SyncConnected) {
                        connected.countDown();
                    }
                },
                config);
        var ensemble = new Ensemble(client, quorum, limit);
        try {
            ensemble.await(connected);
            ensemble.sync();
            return ensemble;
        } catch (IOException | RuntimeException e) {
            ensemble.close();
            throw e;
        }
    }

    private long left() {
        return limit.toNanos() - (System.nanoTime() - began);
    }

    private void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(left(), TimeUnit.NANOSECONDS)) {
                throw new IOException("ZooKeeper at " + quorum + " does not answer within " + limit.toMillis()
                        + " ms. Check high-availability.zookeeper.quorum, and that the operator can reach it");
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Any server may answer reads from what it had a moment ago; after this it has all that was written before. */
    private void sync() throws IOException {
        var synced = new CountDownLatch(1);
        client.sync("/", (code, path, context) -> synced.countDown(), null);
        await(synced);
    }

    /** A request to the server. */
    @FunctionalInterface
    private interface Request<T> {
        T send() throws KeeperException, InterruptedException;
    }

    /** @param absent the answer where the node is not there, or is there where it should not be */
    private <T> T ask(String what, String path, T absent, Request<T> request) throws IOException {
        if (left() <= 0) {
            throw new IOException("ZooKeeper at " + quorum + " is too slow: " + what + " " + path
                    + " was not reached within " + limit.toMillis() + " ms");
        }
        try {
            return request.send();
        } catch (KeeperException.NoNodeException
                | KeeperException.NodeExistsException
                | KeeperException.NotEmptyException
                | KeeperException.BadVersionException e) {
            return absent;
        } catch (KeeperException e) {
            throw new IOException(
                    "ZooKeeper at " + quorum + ": " + what + " " + path + " failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public List<String> children(String path) throws IOException {
        var names = new ArrayList<>(ask("reading", path, List.<String>of(), () -> client.getChildren(path, false)));
        Collections.sort(names);
        return names;
    }

    @Override
    public Optional<String> text(String path) throws IOException {
        return text(path, new Stat());
    }

    private Optional<String> text(String path, Stat stat) throws IOException {
        return ask("reading", path, Optional.empty(), () -> {
            var data = client.getData(path, false, stat);
            return Optional.of(data == null ? "" : new String(data, UTF_8));
        });
    }

    @Override
    public boolean swap(String path, String expected, String text) throws IOException {
        if (expected.isEmpty()) {
            for (int end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1)) {
                create(path.substring(0, end), new byte[0]);
            }
            return create(path, text.getBytes(UTF_8));
        }
        var stat = new Stat();
        return text(path, stat).filter(expected::equals).isPresent()
                && ask("writing", path, false, () -> {
                    client.setData(path, text.getBytes(UTF_8), stat.getVersion());
                    return true;
                });
    }

    private boolean create(String path, byte[] data) throws IOException {
        return ask("creating", path, false, () -> {
            client.create(path, data, Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            return true;
        });
    }

    @Override
    public void remove(String path) throws IOException {
        ask("removing", path, false, () -> {
            client.delete(path, -1);
            return true;
        });
    }

    private IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted while waiting for ZooKeeper at " + quorum, e);
    }

    @Override
    public void close() {
        try {
            client.close(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
