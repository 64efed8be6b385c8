package io.drey.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.ResourceKind;
import io.drey.spi.Situation;
import io.drey.spi.SpecDiff;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.ResourceMapper;
import io.drey.spi.resource.ResourceType;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A kind whose resources can be read, and no more: enough for caches and the client, which ask for nothing else. */
final class ReadOnlyKind implements ResourceKind<CustomResource> {
    private final ResourceMapper mapper = new ResourceMapper();
    private final AtomicInteger reads = new AtomicInteger();
    private final ResourceType type;
    private final boolean optional;

    ReadOnlyKind(ResourceType type) {
        this(type, false);
    }

    private ReadOnlyKind(ResourceType type, boolean optional) {
        this.type = type;
        this.optional = optional;
    }

    static ReadOnlyKind optional(ResourceType type) {
        return new ReadOnlyKind(type, true);
    }

    @Override
    public boolean optional() {
        return optional;
    }

    static Map<String, ResourceKind<?>> deployments() {
        return Map.of("FlinkDeployment", new ReadOnlyKind(FlinkDeployment.TYPE));
    }

    /** How many versions were read. */
    int reads() {
        return reads.get();
    }

    @Override
    public ResourceType type() {
        return type;
    }

    @Override
    public CustomResource read(JsonNode object) {
        reads.incrementAndGet();
        return mapper.read(object);
    }

    @Override
    public ObjectNode writeStatus(CustomResource resource) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Operation> operation(CustomResource resource) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<CustomResource> deployed(CustomResource resource) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<CustomResource> stable(CustomResource resource) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SpecDiff specDiff(CustomResource from, CustomResource to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ConfigRequest configuration(CustomResource resource) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Operation> infer(Situation situation) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Retarget retarget(Operation running, Situation situation, Target target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Reduction<CustomResource> reduce(CustomResource resource, Turn turn) {
        throw new UnsupportedOperationException();
    }
}
