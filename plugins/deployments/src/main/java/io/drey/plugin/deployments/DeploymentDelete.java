package io.drey.plugin.deployments;

import io.drey.spi.Proposer;
import io.drey.spi.Situation;
import io.drey.spi.config.BadConfig;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.config.StateDirectories;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.fact.RecoverableJobs;
import io.drey.spi.operation.FailedStop;
import io.drey.spi.operation.LaunchedJob;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.operation.SavepointStop;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Proposal;
import io.drey.spi.plan.Step.Propagation;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.JobStatus;
import io.drey.spi.resource.ResourceMapper;
import io.drey.spi.resource.UpgradeMode;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What deletion calls for: stop, with a savepoint if that is asked for, remove the cluster and its metadata, let go. */
final class DeploymentDelete implements Proposer {
    private static final String ON_DELETION = OperatorKeys.SAVEPOINT_ON_DELETION.name();
    private static final ConfigKey<Boolean> SAVEPOINT = OperatorKeys.SAVEPOINT_ON_DELETION;
    private static final String WAY_OUT =
            "To delete without one, set " + ON_DELETION + ": \"false\" in spec.flinkConfiguration";
    private static final Duration POLL = Duration.ofSeconds(10);

    private final Recorded recorded;

    @Inject
    DeploymentDelete(ResourceMapper mapper) {
        this.recorded = new Recorded(mapper);
    }

    @Override
    public Set<String> kinds() {
        return Set.of(FlinkDeployment.TYPE.kind());
    }

    @Override
    public Tier tier() {
        return Tier.DELETE;
    }

    @Override
    public Proposal propose(Situation situation) {
        var resource = (FlinkDeployment) situation.resource();
        if (FlinkDeployment.TYPE.finalizer().stream()
                .noneMatch(resource.metadata().finalizers()::contains)) {
            return Proposal.Idle.NOW;
        }
        var spec = recorded.deployed(resource).orElse(resource.spec());
        boolean jobRuns = spec.job().isPresent()
                && resource.status().jobStatus().state().isPresent()
                && !Jobs.ended(resource.status());
        if (!jobRuns) {
            return start(spec, Stop.of(StopMode.KILL));
        }
        if (Recorded.running(spec) && wanted(situation.config())) {
            return withSavepoint(situation, resource, spec);
        }
        // A job that is orphaned runs on.
        boolean orphaned = situation.config().orFallback(Propagation.KEY) == Propagation.ORPHAN;
        return start(spec, Stop.of(orphaned ? StopMode.KILL : StopMode.CANCEL));
    }

    /** A misspelt value asks for a savepoint too: state that was not saved is gone with the resource. */
    private static boolean wanted(FlinkConfig config) {
        try {
            return config.get(SAVEPOINT);
        } catch (BadConfig e) {
            return true;
        }
    }

    /** Deletion waits for a savepoint that was asked for: with the resource, the last thing that knows of it would go. */
    private static Proposal withSavepoint(Situation situation, FlinkDeployment resource, FlinkDeploymentSpec spec) {
        var objects = situation.facts().get(ClusterObjects.TYPE);
        boolean takenDown = situation.operation().isPresent() && !objects.untouched();
        if (takenDown) {
            return start(spec, Stop.of(StopMode.CANCEL));
        }
        if (objects.jobManager().isEmpty()) {
            return unsaved(situation, resource, spec, "the JobManager Deployment is gone");
        }
        var flink = situation.facts().find(FlinkJobs.TYPE);
        if (flink.isEmpty()) {
            return new Proposal.Wait("the JobManager has answered", true, Duration.ofSeconds(1));
        }
        var job = resource.status().jobStatus().jobId().flatMap(flink.get()::job);
        if (LaunchedJob.neverWorked(situation, resource)) {
            // Its state is what it restored, which stays unless the job is cancelled: then Flink may delete it.
            return start(spec, Stop.of(StopMode.KILL)).telling(List.of(restored(situation, resource)));
        }
        if (job.isPresent() && job.get().state().equals("RUNNING") && !job.get().working()) {
            return unsaved(situation, resource, spec, "a task of the job waits for a slot, starts or ends");
        }
        if (job.isEmpty() || !job.get().state().equals("RUNNING")) {
            return situation.operation().isPresent()
                    ? start(spec, Stop.of(StopMode.CANCEL))
                    : unsaved(
                            situation,
                            resource,
                            spec,
                            "the job is "
                                    + job.map(FlinkJobs.Job::state).orElse("not to be seen")
                                    + ", and a savepoint can only be taken of one that is RUNNING");
        }
        var failed = FailedStop.of(resource);
        var pause = failed.flatMap(stop -> stop.pause(resource, situation.now()));
        if (pause.isPresent()) {
            return situation.facts().get(HomeNamespace.TYPE).terminating()
                    ? start(spec, Stop.of(StopMode.CANCEL))
                    : new Proposal.Retry(withWayOut(failed.get().cause()), pause.get());
        }
        return StateDirectories.savepoints(situation.config()).isEmpty()
                ? unsaved(
                        situation,
                        resource,
                        spec,
                        "state.savepoints.dir in spec.flinkConfiguration is empty, and must name a directory")
                : start(spec, SavepointStop.of(situation.config()));
    }

    /** Waits, unless there is nothing to save, or nothing can be saved any more. */
    private static Proposal unsaved(
            Situation situation, FlinkDeployment resource, FlinkDeploymentSpec spec, String why) {
        return neverRan(situation, resource, spec)
                        || situation.facts().get(HomeNamespace.TYPE).terminating()
                ? start(spec, Stop.of(StopMode.CANCEL))
                : blocked(resource, why);
    }

    /** Flink never listed the job of this launch: the state that it was to start from is where it was. */
    private static boolean neverRan(Situation situation, FlinkDeployment resource, FlinkDeploymentSpec spec) {
        var job = resource.status().jobStatus();
        return job.startTime().isEmpty()
                && spec.job()
                        .filter(started -> !started.upgradeMode().equals(UpgradeMode.LAST_STATE))
                        .isPresent()
                && RecoverableJobs.of(situation)
                        .filter(metadata -> metadata.newestCheckpoint(
                                        job.jobId().orElse(""))
                                .isPresent())
                        .isEmpty();
    }

    private static Event restored(Situation situation, FlinkDeployment resource) {
        var from = situation
                .facts()
                .find(JobCheckpoints.TYPE)
                .flatMap(JobCheckpoints::restored)
                .flatMap(JobCheckpoints.Snapshot::path)
                .or(() -> resource.status()
                        .jobStatus()
                        .upgradeSavepointPath()
                        .filter(path -> !path.equals(JobStatus.LAST_STATE)));
        return Event.warning(
                        "Operator",
                        "NothingToSave",
                        "Deleted without a savepoint: the job never ran all its tasks. "
                                + from.map(path -> "Its state is what it restored: " + path)
                                        .orElse("It restored nothing"))
                .onceFor(
                        "NothingToSave " + resource.status().jobStatus().jobId().orElse(""));
    }

    private static Failure withWayOut(Failure failure) {
        return new Failure(
                failure.kind(), failure.code(), failure.message() + ". Deletion waits for a savepoint. " + WAY_OUT);
    }

    private static Proposal blocked(FlinkDeployment resource, String why) {
        var reason = "deletion waits for a savepoint: " + why + ". " + WAY_OUT;
        return new Proposal.Block(
                reason,
                List.of(Event.warning("Operator", "CleanupFailed", reason)
                        .onceFor("CleanupFailed " + resource.metadata().generation() + " " + why)),
                POLL);
    }

    private static Proposal.Start start(FlinkDeploymentSpec spec, Stop stop) {
        return new Proposal.Start(
                Cause.DELETE,
                Target.DEPLOYED,
                stop,
                Restore.NONE,
                false,
                "deployments/delete",
                DeploymentChange.deployer(spec));
    }
}
