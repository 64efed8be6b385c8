package io.drey.plugin.recovery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.inject.Module;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.Stability;

/** What is done when what runs is not well. */
public final class RecoveryPlugin implements FeaturePlugin {
    @Override
    public Module module(PluginContext context) {
        return binder -> {
            binder.bind(ObjectMapper.class).toInstance(context.mapper());
            binder.bind(Fingerprint.class);
            Contributions.of(binder)
                    .feature("recovery", Stability.STABLE)
                    .proposer(LostJobManager.class)
                    .proposer(FailedJob.class)
                    .gate(RestartBackOff.class)
                    .statusPart(RestartsPart.class)
                    .proposer(EndedJobManager.class)
                    .factSource(JobMetricsSource.class)
                    .proposer(UnhealthyJob.class)
                    .statusPart(HealthPart.class)
                    .factSource(JobExceptionsSource.class)
                    .proposer(ExceptionEvents.class)
                    .statusPart(ExceptionsPart.class)
                    .proposer(Rollback.class)
                    .gate(RejectedRevisionGate.class)
                    .statusPart(RejectedRevisionsPart.class);
        };
    }
}
