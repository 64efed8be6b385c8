package io.drey.core.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.ResourceKind;
import io.drey.spi.Situation;
import io.drey.spi.SpecDiff;
import io.drey.spi.operation.Operation;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.ResourceMapper;
import io.drey.spi.resource.ResourceType;
import java.util.Optional;
import java.util.function.Consumer;

/** FlinkDeployments, as far as a cache wants to know them. */
public final class TestKind implements ResourceKind<FlinkDeployment> {
    private final ResourceMapper mapper = new ResourceMapper();
    private final Consumer<JsonNode> before;
    private int reads;

    /** @param before runs before each read, and may throw */
    public TestKind(Consumer<JsonNode> before) {
        this.before = before;
    }

    int reads() {
        return reads;
    }

    @Override
    public ResourceType type() {
        return FlinkDeployment.TYPE;
    }

    @Override
    public FlinkDeployment read(JsonNode object) {
        before.accept(object);
        reads++;
        return mapper.deployment(object);
    }

    @Override
    public Optional<FlinkDeployment> deployed(FlinkDeployment resource) {
        return resource.status()
                .reconciliationStatus()
                .lastReconciledSpec()
                .map(text -> mapper.readRecorded(text, FlinkDeploymentSpec.class))
                .map(recorded -> resource.withSpec(recorded.spec()));
    }

    @Override
    public ObjectNode writeStatus(FlinkDeployment resource) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Operation> operation(FlinkDeployment resource) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<FlinkDeployment> stable(FlinkDeployment resource) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SpecDiff specDiff(FlinkDeployment from, FlinkDeployment to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ConfigRequest configuration(FlinkDeployment resource) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Operation> infer(Situation situation) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Retarget retarget(Operation running, Situation situation, Operation.Target target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Reduction<FlinkDeployment> reduce(FlinkDeployment resource, Turn turn) {
        throw new UnsupportedOperationException();
    }
}
