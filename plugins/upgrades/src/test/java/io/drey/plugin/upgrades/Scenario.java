package io.drey.plugin.upgrades;

import io.drey.core.generation.FeatureSet;
import io.drey.plugin.deployments.DeploymentsPlugin;
import io.drey.spi.config.FlinkConfig;
import io.drey.testkit.FakeDeployer;
import io.drey.testkit.FeatureSets;
import io.drey.testkit.Simulation;
import java.time.Clock;
import java.util.Map;
import java.util.stream.Collectors;

/** The plugins of this flows over the in-memory world, and the resources that its users apply. */
public final class Scenario {
    /** Contributions hold no state, so all worlds may share them. */
    private static final FeatureSet PLAIN = features(new FeatureSets());

    private Scenario() {}

    public static Simulation start() {
        return new Simulation(PLAIN, new FlinkConfig(Map.of("parallelism.default", "1")));
    }

    public static Simulation start(FeatureSets more) {
        return new Simulation(features(more), new FlinkConfig(Map.of("parallelism.default", "1")));
    }

    /** With high availability for all, or not. */
    public static Simulation start(Stateful.Ha ha) {
        var keys = ha == Stateful.Ha.ON
                ? Map.of("high-availability.type", "kubernetes", "high-availability.storageDir", "file:/ha")
                : Map.<String, String>of();
        return new Simulation(PLAIN, new FlinkConfig(keys));
    }

    public static FeatureSet features(FeatureSets more) {
        return features(more, new FakeDeployer());
    }

    public static FeatureSet features(FeatureSets more, FakeDeployer deployer) {
        var clock = Clock.systemUTC();
        return more.plugin(new DeploymentsPlugin(), clock)
                .plugin(new UpgradesPlugin(), clock)
                .rule(new RefusingRule())
                .deployer(deployer)
                .build();
    }

    /** An application, stateless, with what a test changes. */
    public static String application(String image, int parallelism, String state) {
        return application(image, parallelism, state, "stateless", "{}");
    }

    public static String application(
            String image, int parallelism, String state, String upgradeMode, String configuration) {
        return """
                apiVersion: flink.apache.org/v1beta1
                kind: FlinkDeployment
                metadata:
                  namespace: tests
                  name: job
                spec:
                  image: %s
                  flinkVersion: v2_3
                  serviceAccount: flink
                  flinkConfiguration: %s
                  jobManager:
                    resource: {memory: 1g, cpu: 1}
                  taskManager:
                    resource: {memory: 1g, cpu: 1}
                  job:
                    jarURI: local:///opt/job.jar
                    parallelism: %d
                    state: %s
                    upgradeMode: %s
                """.formatted(image, configuration, parallelism, state, upgradeMode);
    }

    /** More keys of a configuration: the parallelism of vertices. */
    public static String overrides(Map<String, Integer> parallelism) {
        return parallelism.entrySet().stream()
                .map(vertex -> vertex.getKey() + ":" + vertex.getValue())
                .collect(Collectors.joining(",", ", pipeline.jobvertex-parallelism-overrides: '", "'"));
    }

    public static String session(String image) {
        return """
                apiVersion: flink.apache.org/v1beta1
                kind: FlinkDeployment
                metadata:
                  namespace: tests
                  name: job
                spec:
                  image: %s
                  flinkVersion: v2_3
                  serviceAccount: flink
                  jobManager:
                    resource: {memory: 1g, cpu: 1}
                  taskManager:
                    resource: {memory: 1g, cpu: 1}
                """.formatted(image);
    }
}
