package io.drey.plugin.zookeeper;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;

/** A connection to ZooKeeper for one read or removal: none is kept, so none is left when the plugin goes. */
final class Ensemble implements Nodes {
    private static final int SESSION_MILLIS = 10_000;
    private static final int CLOSE_MILLIS = 2_000;

    private final ZooKeeper client;
    private final String quorum;

    private Ensemble(ZooKeeper client, String quorum) {
        this.client = client;
        this.quorum = quorum;
    }

    /**
     * Connects, and sees from then on at least what was written before.
     *
     * @throws IOException when nobody answers within the limit
     */
    static Ensemble connect(String quorum, Duration limit) throws IOException {
        var connected = new CountDownLatch(1);
        var config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        var client = new ZooKeeper(
                quorum,
                SESSION_MILLIS,
                event -> {
                    if (event.getState() == KeeperState.SyncConnected) {
                        connected.countDown();
                    }
                },
                config);
        var ensemble = new Ensemble(client, quorum);
        try {
            await(connected, limit, quorum);
            ensemble.sync(limit);
            return ensemble;
        } catch (IOException | RuntimeException e) {
            ensemble.close();
            throw e;
        }
    }

    private static void await(CountDownLatch latch, Duration limit, String quorum) throws IOException {
        try {
            if (!latch.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("ZooKeeper at " + quorum + " does not answer within " + limit.toSeconds()
                        + " s. Check high-availability.zookeeper.quorum, and that the operator can reach it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for ZooKeeper at " + quorum, e);
        }
    }

    /** Any server may answer reads from what it had a moment ago; after this it has all that was written before. */
    private void sync(Duration limit) throws IOException {
        var synced = new CountDownLatch(1);
        client.sync("/", (code, path, context) -> synced.countDown(), null);
        await(synced, limit, quorum);
    }

    @Override
    public List<String> children(String path) throws IOException {
        try {
            var names = new ArrayList<>(client.getChildren(path, false));
            Collections.sort(names);
            return names;
        } catch (KeeperException.NoNodeException e) {
            return List.of();
        } catch (KeeperException e) {
            throw failed("reading", path, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public boolean exists(String path) throws IOException {
        try {
            return client.exists(path, false) != null;
        } catch (KeeperException e) {
            throw failed("reading", path, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public void remove(String path) throws IOException {
        for (var child : children(path)) {
            remove(path + "/" + child);
        }
        try {
            client.delete(path, -1);
        } catch (KeeperException.NoNodeException e) {
            // Somebody else was faster.
        } catch (KeeperException e) {
            throw failed("removing", path, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private IOException failed(String what, String path, KeeperException e) {
        return new IOException("ZooKeeper at " + quorum + ": " + what + " " + path + " failed: " + e.getMessage(), e);
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
