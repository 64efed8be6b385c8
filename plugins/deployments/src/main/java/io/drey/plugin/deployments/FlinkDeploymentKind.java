package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.ResourceKind;
import io.drey.spi.Situation;
import io.drey.spi.SpecDiff;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkVersion;
import io.drey.spi.resource.ResourceMapper;
import io.drey.spi.resource.ResourceType;
import io.drey.spi.resource.UpgradeMode;
import jakarta.inject.Inject;
import java.util.Optional;

/** The kind FlinkDeployment. */
final class FlinkDeploymentKind implements ResourceKind<FlinkDeployment> {
    private final ResourceMapper mapper;
    private final Recorded recorded;
    private final SpecDiffs diffs;
    private final StatusReducer reducer;

    @Inject
    FlinkDeploymentKind(ResourceMapper mapper, PodProblemsPart problems) {
        this.mapper = mapper;
        this.recorded = new Recorded(mapper);
        this.diffs = new SpecDiffs(mapper);
        this.reducer = new StatusReducer(recorded, problems);
    }

    @Override
    public ResourceType type() {
        return FlinkDeployment.TYPE;
    }

    @Override
    public FlinkDeployment read(JsonNode object) {
        return mapper.deployment(object);
    }

    @Override
    public ObjectNode writeStatus(FlinkDeployment resource) {
        return mapper.write(resource.status());
    }

    @Override
    public Optional<Operation> operation(FlinkDeployment resource) {
        return resource.status().operation();
    }

    @Override
    public Optional<FlinkDeployment> deployed(FlinkDeployment resource) {
        return recorded.deployed(resource).map(resource::withSpec);
    }

    @Override
    public Optional<FlinkDeployment> stable(FlinkDeployment resource) {
        return recorded.stable(resource).map(stable -> resource.withSpec(stable.spec()));
    }

    @Override
    public SpecDiff specDiff(FlinkDeployment from, FlinkDeployment to) {
        return diffs.between(from.spec(), to.spec());
    }

    @Override
    public ConfigRequest configuration(FlinkDeployment resource) {
        return new ConfigRequest(
                resource.metadata().namespace(),
                resource.spec().flinkVersion().map(FlinkVersion::wire),
                new FlinkConfig(resource.spec().flinkConfiguration().flatten()));
    }

    /** Nothing to infer: what the Apache operator left half done is either adopted as it is, or begun again. */
    @Override
    public Optional<Operation> infer(Situation situation) {
        return Optional.empty();
    }

    @Override
    public Operation retarget(Operation running, Situation situation) {
        var spec = (FlinkDeploymentSpec) situation.admitted().orElseThrow().spec();
        var turned = running.retarget(
                running.cause() == Cause.CREATE ? Cause.CREATE : Cause.CHANGE,
                Target.CURRENT,
                situation.resource().metadata().generation(),
                restore(running, situation, spec),
                Recorded.running(spec));
        // Nobody asks any more for what this stop would save, and it may be what does not get on.
        return situation.diff().type() == SpecDiff.Type.SAVEPOINT_REDEPLOY
                        && running.stop().saves()
                ? turned.stoppedBy(Stop.of(StopMode.CANCEL))
                : turned;
    }

    /** The state that a stop saved is kept, unless the newer edit says what to start from. */
    private static Restore restore(Operation running, Situation situation, FlinkDeploymentSpec spec) {
        // A first deployment takes its state from initialSavepointPath, whatever the upgrade mode.
        if (running.cause() == Cause.CREATE || situation.diff().type() == SpecDiff.Type.SAVEPOINT_REDEPLOY) {
            return DeploymentChange.initial(spec);
        }
        boolean stateless = spec.job()
                .filter(job -> job.upgradeMode().equals(UpgradeMode.STATELESS))
                .isPresent();
        return stateless ? Restore.NONE : running.restore();
    }

    @Override
    public Reduction<FlinkDeployment> reduce(FlinkDeployment resource, Turn turn) {
        return reducer.reduce(resource, turn);
    }
}
