package io.drey.plugin.unattended;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.ResourceKind;
import io.drey.spi.Situation;
import io.drey.spi.SpecDiff;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.Condition;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A kind of which nothing is carried out. Its resources say so, in one condition and one event, and keep the status that
 * another operator wrote.
 */
abstract class UnattendedKind<R extends CustomResource> implements ResourceKind<R> {
    private static final String TYPE = "WithoutEffect";
    private static final String REASON = "NotSupportedYet";

    final ResourceMapper mapper;

    UnattendedKind(ResourceMapper mapper) {
        this.mapper = mapper;
    }

    /** What a deletion does, for people. */
    abstract String deletion();

    /** Whether something of the resource is to be carried out still. */
    boolean open(R resource) {
        return true;
    }

    abstract List<Condition> conditions(R resource);

    abstract R with(List<Condition> conditions, R resource);

    /** Installations of other operators may have none of these CRDs. */
    @Override
    public final boolean optional() {
        return true;
    }

    @Override
    public ObjectNode writeStatus(R resource) {
        return mapper.write(resource.status());
    }

    @Override
    public Optional<Operation> operation(R resource) {
        return Optional.empty();
    }

    @Override
    public Optional<R> deployed(R resource) {
        return Optional.empty();
    }

    @Override
    public Optional<R> stable(R resource) {
        return Optional.empty();
    }

    @Override
    public SpecDiff specDiff(R from, R to) {
        return SpecDiff.NONE;
    }

    @Override
    public ConfigRequest configuration(R resource) {
        return new ConfigRequest(resource.metadata().namespace(), Optional.empty(), FlinkConfig.EMPTY);
    }

    @Override
    public Optional<Operation> infer(Situation situation) {
        return Optional.empty();
    }

    /** The only operation is a deletion, which is turned to nothing else. */
    @Override
    public Retarget retarget(Operation running, Situation situation, Target target) {
        return new Retarget.Refuse(new Failure(ErrorKind.USER, REASON, message()));
    }

    @Override
    public Reduction<R> reduce(R resource, Turn turn) {
        if (resource.metadata().deleting() || !open(resource)) {
            return new Reduction<>(resource, List.of());
        }
        var before = conditions(resource);
        boolean told = before.stream()
                .anyMatch(condition ->
                        condition.type().equals(TYPE) && condition.message().equals(message()));
        if (told) {
            return new Reduction<>(resource, List.of());
        }
        List<Condition> after = new ArrayList<>(before);
        after.removeIf(condition -> condition.type().equals(TYPE));
        after.add(new Condition(
                TYPE,
                "True",
                REASON,
                message(),
                Optional.of(turn.situation().now()),
                Optional.of(resource.metadata().generation()),
                Map.of()));
        // Once, also where the CRD of another operator drops the condition.
        return new Reduction<>(
                with(after, resource),
                List.of(Event.warning("Operator", REASON, message()).onceFor(REASON)));
    }

    private String message() {
        return "Accepted without effect: this version does not look after a " + type().kind() + " yet. " + deletion();
    }
}
