package io.drey.plugin.recovery;

import io.drey.spi.Situation;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.fact.RecoverableJobs;
import io.drey.spi.operation.AdmittedMode;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.JobManagerDeploymentStatus;
import io.drey.spi.resource.JobState;
import io.drey.spi.resource.ReconciliationState;
import java.util.Locale;
import java.util.Optional;

/**
 * What is deployed of a resource, as it is seen now.
 *
 * @param spec that runs, or should
 */
record Run(Situation situation, FlinkDeployment resource, FlinkDeploymentSpec spec) {

    /** Empty when nothing is to run, or what is to run is being exchanged by another operator. */
    static Optional<Run> of(Situation situation) {
        return deployed(situation)
                .filter(run ->
                        !run.resource().status().reconciliationStatus().state().equals(ReconciliationState.UPGRADING));
    }

    private static Optional<Run> deployed(Situation situation) {
        return situation.resource() instanceof FlinkDeployment resource
                        && !resource.metadata().deleting()
                ? situation
                        .deployed()
                        .map(deployed -> new Run(situation, resource, (FlinkDeploymentSpec) deployed.spec()))
                        .filter(run -> run.wants(JobState.RUNNING))
                : Optional.empty();
    }

    private boolean wants(JobState state) {
        return spec.job().map(job -> job.state().equals(state)).orElse(true);
    }

    boolean session() {
        return spec.job().isEmpty();
    }

    FlinkDeploymentStatus status() {
        return resource.status();
    }

    String jobId() {
        return status().jobStatus().jobId().orElse("");
    }

    /** Whether the job is recorded in this state. */
    boolean is(FlinkJobState state) {
        return status().jobStatus().state().filter(state::equals).isPresent();
    }

    /** Whether the job has ended, as it is recorded: then its last state is recorded too. */
    boolean ended() {
        return status().jobStatus()
                .state()
                .filter(FlinkJobState::isGloballyTerminal)
                .isPresent();
    }

    boolean is(JobManagerDeploymentStatus manager) {
        return status().jobManagerDeploymentStatus().equals(manager);
    }

    /** The job as Flink lists it since its launch. */
    Optional<Job> listed() {
        return situation
                .sinceLaunch(FlinkJobs.TYPE, status())
                .filter(seen -> seen.reach() == Reach.SERVING)
                .flatMap(seen -> seen.job(jobId()));
    }

    /** Whether Flink lists the job, and it goes on. */
    boolean alive() {
        return !ended() && listed().filter(job -> !job.ended()).isPresent();
    }

    boolean withoutDeployment() {
        return situation.facts().get(ClusterObjects.TYPE).jobManager().isEmpty();
    }

    boolean scaledToZero() {
        return situation.facts().get(ClusterObjects.TYPE).scaledToZero();
    }

    /** Whether the user wants the job to start empty whenever it is replaced. */
    boolean stateless() {
        return AdmittedMode.stateless(situation);
    }

    boolean highAvailability() {
        return situation.deployedConfig().highAvailability();
    }

    /** Whether high-availability metadata knows the job, as far as anybody can read it. */
    boolean recoverable() {
        return RecoverableJobs.of(situation)
                .filter(metadata -> metadata.knows(jobId()))
                .isPresent();
    }

    FlinkRef flink() {
        return FlinkRef.of(resource.ref(), situation.deployedConfig());
    }

    /** A launch of what is deployed. One that starts empty, as its spec wants, says nothing of where the state is. */
    Proposal.Start again(Cause cause, Stop stop, Restore restore) {
        var again = start(cause, Target.DEPLOYED, spec, stop, restore);
        return restore.equals(Restore.NONE) && stateless() ? again.leaving(Optional.empty()) : again;
    }

    /** A launch of {@code target}. */
    static Proposal.Start start(Cause cause, Target target, FlinkDeploymentSpec spec, Stop stop, Restore restore) {
        return new Proposal.Start(
                cause,
                target,
                stop,
                restore,
                true,
                "recovery/" + cause.name().toLowerCase(Locale.ROOT),
                spec.modeOrDefault().wire());
    }
}
