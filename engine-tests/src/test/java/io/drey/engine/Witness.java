package io.drey.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.inject.Module;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.Proposer;
import io.drey.spi.Situation;
import io.drey.spi.plan.Proposal;
import io.drey.spi.plan.Step;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.Stability;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A plugin that is well, with a chore that keeps a ConfigMap beside each job. */
final class Witness implements FeaturePlugin {
    @Override
    public Module module(PluginContext context) {
        return binder ->
                Contributions.of(binder).feature("witness", Stability.STABLE).proposer(KeepsConfigMap.class);
    }

    static final class KeepsConfigMap implements Proposer {
        @Override
        public Set<String> kinds() {
            return Set.of("FlinkDeployment");
        }

        @Override
        public Tier tier() {
            return Tier.CHORE;
        }

        @Override
        public Proposal propose(Situation situation) {
            var manifest = JsonNodeFactory.instance.objectNode();
            manifest.put("apiVersion", "v1").put("kind", "ConfigMap");
            manifest.withObject("/metadata")
                    .put("namespace", situation.resource().metadata().namespace())
                    .put("name", "witness");
            return new Proposal.Steps(List.of(new Step.Create(manifest, Optional.empty())));
        }
    }
}
