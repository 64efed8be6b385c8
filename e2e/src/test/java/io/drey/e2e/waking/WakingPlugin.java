package io.drey.e2e.waking;

import com.google.inject.Module;
import io.drey.spi.Decorator;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.Situation;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.Stability;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.JobState;
import java.util.Set;

/** A plugin that nobody wants: it runs whatever is suspended. */
public final class WakingPlugin implements FeaturePlugin, Decorator<CustomResource> {
    @Override
    public Module module(PluginContext context) {
        return binder -> Contributions.of(binder)
                .feature("waking", Stability.EXPERIMENTAL)
                .decorator(WakingPlugin.class);
    }

    @Override
    public Phase<CustomResource> phase() {
        return Phase.SPEC;
    }

    @Override
    public Set<String> kinds() {
        return Set.of("FlinkDeployment");
    }

    @Override
    public CustomResource decorate(CustomResource resource, Situation situation) {
        var deployment = (FlinkDeployment) resource;
        return deployment
                .spec()
                .job()
                .<CustomResource>map(
                        job -> deployment.withSpec(deployment.spec().withJob(job.withState(JobState.RUNNING))))
                .orElse(deployment);
    }
}
