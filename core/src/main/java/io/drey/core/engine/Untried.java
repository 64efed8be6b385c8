package io.drey.core.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.operation.Operation;
import java.util.List;

/** A decision needs to know whether the API server takes what an operation would launch. The pass tries it and decides again. */
final class Untried extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Operation operation;
    private final transient List<ObjectNode> objects;
    private final transient List<ObjectNode> pods;

    /** @param pods that are not created by the launch itself, but for it */
    Untried(Operation operation, List<ObjectNode> objects, List<ObjectNode> pods) {
        super("launch not tried: " + operation.id(), null, false, false);
        this.operation = operation;
        this.objects = objects;
        this.pods = pods;
    }

    Operation operation() {
        return operation;
    }

    List<ObjectNode> objects() {
        return objects;
    }

    List<ObjectNode> pods() {
        return pods;
    }
}
