package io.drey.plugin.deployments;

import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.config.ErrorFormat;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.ReconciliationState;
import io.drey.spi.resource.UpgradeMode;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What was observed of a cluster that runs, or should. */
final class ClusterReducer {
    private final Recorded recorded;

    ClusterReducer(Recorded recorded) {
        this.recorded = recorded;
    }

    FlinkDeployment reduce(FlinkDeployment resource, Turn turn, List<Event> events) {
        var facts = turn.situation().facts();
        var objects = facts.find(ClusterObjects.TYPE);
        var deployed = recorded.deployed(resource);
        if (objects.isEmpty() || deployed.isEmpty() || !observed(resource, deployed.get())) {
            return resource;
        }
        var errors = new ErrorJson(ErrorFormat.of(turn.situation().config()));
        var flink = turn.situation().sinceLaunch(FlinkJobs.TYPE, resource.status());
        var status = new JobManagerReducer(
                        errors, ContainerEnd.messages(turn.situation().config()))
                .reduce(resource.status(), deployed.get().job().isPresent(), objects.get(), flink, events);
        if (turn.before().isEmpty() && turn.after().isEmpty()) {
            JobManagerReducer.scaledToZero(resource, status, objects.get()).ifPresent(events::add);
        }
        var serving = flink.filter(seen -> seen.reach() == Reach.SERVING);
        if (status.jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.READY) && serving.isPresent()) {
            status = clusterInfo(status, deployed.get(), turn.situation().deployedConfig(), serving.get());
        }
        if (deployed.get().job().isPresent()) {
            status = new JobStatusReducer(
                            errors,
                            deployed.get().job().get().upgradeMode().equals(UpgradeMode.STATELESS),
                            turn.situation().deployedConfig().highAvailability())
                    .reduce(
                            status,
                            flink,
                            facts.reading(JobCheckpoints.TYPE),
                            turn.situation().now(),
                            events);
        }
        boolean soaks = Soak.remaining(status, recorded.stable(resource), turn.situation())
                .isPresent();
        return resource.withStatus(!soaks && stable(status, deployed.get(), flink) ? markedStable(status) : status);
    }

    /** Between two specs there is nothing to observe, but for a job that the Apache operator had begun to cancel. */
    private static boolean observed(FlinkDeployment resource, FlinkDeploymentSpec deployed) {
        var state = resource.status().reconciliationStatus().state();
        return Recorded.running(deployed)
                && !state.equals(ReconciliationState.ROLLING_BACK)
                && (deployed.job().isPresent() || !state.equals(ReconciliationState.UPGRADING));
    }

    /** What others keep there stays. */
    private static FlinkDeploymentStatus clusterInfo(
            FlinkDeploymentStatus status, FlinkDeploymentSpec deployed, FlinkConfig config, FlinkJobs flink) {
        var info = new HashMap<>(status.clusterInfo());
        info.keySet().removeAll(Set.of(ClusterSize.CPU, ClusterSize.MEMORY));
        info.putAll(flink.cluster());
        info.putAll(ClusterSize.totals(deployed, config, flink.taskManagers()));
        return status.withClusterInfo(info);
    }

    private static boolean stable(
            FlinkDeploymentStatus status, FlinkDeploymentSpec deployed, Optional<FlinkJobs> flink) {
        if (!status.reconciliationStatus().state().equals(ReconciliationState.DEPLOYED)) {
            return false;
        }
        if (deployed.job().isEmpty()) {
            return status.jobManagerDeploymentStatus().equals(JobManagerDeploymentStatus.READY)
                    && flink.filter(seen -> seen.reach() == Reach.SERVING).isPresent();
        }
        var state = status.jobStatus().state();
        return state.filter(FlinkJobState.RUNNING::equals).isPresent()
                || state.filter(FlinkJobState.FINISHED::equals).isPresent();
    }

    private static FlinkDeploymentStatus markedStable(FlinkDeploymentStatus status) {
        var reconciliation = status.reconciliationStatus();
        return reconciliation.stable()
                ? status
                : status.withReconciliationStatus(reconciliation.withLastStableSpec(
                        reconciliation.lastReconciledSpec().orElseThrow()));
    }
}
