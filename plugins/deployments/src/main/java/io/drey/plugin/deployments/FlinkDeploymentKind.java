package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.ResourceKind;
import io.drey.spi.Situation;
import io.drey.spi.SpecDiff;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkVersion;
import io.drey.spi.resource.ResourceMapper;
import io.drey.spi.resource.ResourceType;
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
    public Optional<Failure> held(FlinkDeployment resource) {
        return resource.status()
                .heldOperation()
                .flatMap(mapper::unreadableOperation)
                .map(why -> new Failure(
                        ErrorKind.USER,
                        "OperationUnknown",
                        "another version of Drey wrote an operation that this version cannot finish: " + why
                                + ". The resource is left as it is, and can be deleted. Run that version again"));
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
    public Retarget retarget(Operation running, Situation situation, Target target) {
        var wanted = target == Target.CURRENT ? situation.admitted() : situation.deployed();
        var retargeting = new Retargeting(
                running, situation, (FlinkDeploymentSpec) wanted.orElseThrow().spec());
        return target == Target.CURRENT ? retargeting.toCurrent() : retargeting.toDeployed();
    }

    @Override
    public Reduction<FlinkDeployment> reduce(FlinkDeployment resource, Turn turn) {
        return reducer.reduce(resource, turn);
    }
}
