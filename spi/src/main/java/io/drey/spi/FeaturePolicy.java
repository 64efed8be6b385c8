package io.drey.spi;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.ResourceRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides what is in force for a resource: which tenant it belongs to, which features are on, with which versions and
 * configuration of plugins, under which defaults. Without one, everything that is loaded is in force for everybody.
 *
 * <p>Scope: one instance for all resources; at most one plugin may have one, and it comes from the platform's set.
 * Thread: any worker, several at once. Lifecycle: {@link #sets} is asked once, when a generation of plugins is built;
 * {@link #policy} at the beginning of each pass, so it must be quick: maps, no input and no output.
 *
 * <p>Failure: of {@link #sets} refuses the generation; of {@link #policy} ends the pass, which is tried again later. No
 * feature is taken to be on or off by default then.
 */
public interface FeaturePolicy {
    /** The sets of plugins that differ from the platform's. */
    List<PluginSet> sets();

    /** Whether {@link Subject#namespaceLabels} is looked at; else namespaces are not watched. */
    boolean readsNamespaceLabels();

    /** What is in force. The same subject gets the same answer for as long as the generation lives. */
    Policy policy(Subject subject);

    /**
     * A set of plugins: the platform's, with some exchanged.
     *
     * @param name unique
     * @param versions by plugin id; others are the platform's
     * @param configuration sections by plugin id, instead of those of the platform
     */
    record PluginSet(String name, Map<String, String> versions, Map<String, JsonNode> configuration) {
        public PluginSet {
            versions = Map.copyOf(versions);
            configuration = Map.copyOf(configuration);
        }
    }

    /**
     * Whom it is about.
     *
     * @param annotations of the resource
     * @param namespaceLabels of its namespace; empty when nobody reads them
     */
    record Subject(ResourceRef resource, Map<String, String> annotations, Map<String, String> namespaceLabels) {}

    /**
     * What is in force.
     *
     * @param tenant empty for a resource of no tenant
     * @param set the name of a {@link PluginSet}; empty for the platform's
     * @param features those about which something was decided; others are on
     * @param defaults of the tenant, over the platform's and under those of namespaces and versions of Flink
     * @param locked keys and values that nothing nearer overrides
     */
    record Policy(
            Optional<String> tenant,
            Optional<String> set,
            List<Decided> features,
            FlinkConfig defaults,
            FlinkConfig locked) {
        /** Everything on, for everybody. */
        public static final Policy NONE =
                new Policy(Optional.empty(), Optional.empty(), List.of(), FlinkConfig.EMPTY, FlinkConfig.EMPTY);

        public Policy {
            features = List.copyOf(features);
        }
    }

    /**
     * A feature that is on or off, and who said so.
     *
     * @param decidedBy {@code platform}, {@code tenant blue}, {@code namespace a}, {@code resource}
     * @param overruled who said otherwise and did not count, since an outer layer locked it
     */
    record Decided(String feature, boolean on, String decidedBy, Optional<String> overruled) {}
}
