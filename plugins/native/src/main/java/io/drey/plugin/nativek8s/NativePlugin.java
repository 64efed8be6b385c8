package io.drey.plugin.nativek8s;

import com.google.inject.Module;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.Stability;

/** Entry of the plugin {@code native}. */
public final class NativePlugin implements FeaturePlugin {
    @Override
    public Module module(PluginContext context) {
        var logFiles = new LogFiles(context);
        return binder -> {
            binder.bind(com.fasterxml.jackson.databind.ObjectMapper.class).toInstance(context.mapper());
            binder.bind(ClusterManifests.class);
            binder.bind(FlinkModel.class);
            binder.bind(JobManagerPod.class);
            binder.bind(TaskManagerPod.class);
            binder.bind(PodShape.class);
            binder.bind(LogFiles.class).toInstance(logFiles);
            Contributions.of(binder)
                    .feature("native", Stability.STABLE)
                    .deployer(NativeDeployer.class)
                    .deployer(StandaloneDeployer.class)
                    .decorator(ClusterConfig.class)
                    .decorator(JobConfig.class)
                    .decorator(NativeConfig.class)
                    .decorator(ResourcesInPods.class)
                    .decorator(StartupProbe.class)
                    .decorator(TerminationMessages.class)
                    .factSource(HighAvailabilitySource.class)
                    .factSource(StandaloneTaskManagersSource.class);
        };
    }
}
