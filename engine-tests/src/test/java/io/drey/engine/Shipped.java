package io.drey.engine;

import static java.util.Objects.requireNonNull;

import io.drey.core.generation.FeatureSet;
import io.drey.plugin.deployments.DeploymentsPlugin;
import io.drey.plugin.nativek8s.NativePlugin;
import io.drey.plugin.recovery.RecoveryPlugin;
import io.drey.plugin.upgrades.RefusingRule;
import io.drey.plugin.upgrades.UpgradesPlugin;
import io.drey.plugin.validators.ValidatorsPlugin;
import io.drey.plugin.zookeeper.Nodes;
import io.drey.plugin.zookeeper.ZooKeeperPlugin;
import io.drey.testkit.FakeZooKeeper;
import io.drey.testkit.FeatureSets;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The plugins that are shipped for application clusters, with ZooKeepers in memory behind the port of their plugin. */
final class Shipped {
    private static final Map<String, FakeZooKeeper> QUORUMS = new ConcurrentHashMap<>();

    /** Contributions hold no state, so all runs may share them. */
    static final FeatureSet SOUND = with(new FeatureSets());

    private Shipped() {}

    /** The same with more, or with others in their place. */
    static FeatureSet with(FeatureSets more) {
        var clock = Clock.systemUTC();
        return more.plugin(new DeploymentsPlugin(), clock)
                .plugin(new NativePlugin(), clock)
                .plugin(new RecoveryPlugin(), clock)
                .plugin(new UpgradesPlugin(), clock)
                .plugin(new ValidatorsPlugin(), clock)
                .plugin(new ZooKeeperPlugin(Shipped::connect), clock)
                .rule(new RefusingRule())
                .build();
    }

    /** From now on this ZooKeeper is reached under this name. */
    static void reach(String quorum, FakeZooKeeper zooKeeper) {
        QUORUMS.put(quorum, zooKeeper);
    }

    /** Nobody needs it any more. */
    static void forget(String quorum) {
        QUORUMS.remove(quorum);
    }

    private static Nodes connect(String quorum, Duration limit) throws IOException {
        var zooKeeper = requireNonNull(QUORUMS.get(quorum), quorum);
        if (!zooKeeper.reachable()) {
            throw new IOException("ZooKeeper at " + quorum + " does not answer within " + limit.toSeconds() + " s");
        }
        return new InMemory(zooKeeper);
    }

    private record InMemory(FakeZooKeeper zooKeeper) implements Nodes {
        @Override
        public List<String> children(String path) {
            return zooKeeper.children(path);
        }

        @Override
        public Optional<String> text(String path) {
            return zooKeeper.exists(path) ? Optional.of(zooKeeper.data(path).orElse("")) : Optional.empty();
        }

        @Override
        public boolean swap(String path, String expected, String text) {
            if (!text(path).orElse("").equals(expected) || expected.isEmpty() && zooKeeper.exists(path)) {
                return false;
            }
            zooKeeper.put(path, text);
            return true;
        }

        @Override
        public void remove(String path) {
            if (zooKeeper.children(path).isEmpty()) {
                zooKeeper.remove(path);
            }
        }

        @Override
        public void close() {}
    }
}
