package io.drey.plugin.unattended;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.operation.Operation;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.Condition;
import io.drey.spi.resource.FlinkSessionJob;
import io.drey.spi.resource.FlinkSessionJobStatus;
import io.drey.spi.resource.ResourceMapper;
import io.drey.spi.resource.ResourceType;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kind FlinkSessionJob, whose deletion cancels its job. */
final class SessionJobKind extends UnattendedKind<FlinkSessionJob> {
    private static final String DELETING = "Reconciling";

    @Inject
    SessionJobKind(ResourceMapper mapper) {
        super(mapper);
    }

    @Override
    public ResourceType type() {
        return FlinkSessionJob.TYPE;
    }

    @Override
    public FlinkSessionJob read(JsonNode object) {
        return mapper.sessionJob(object);
    }

    @Override
    public Optional<Operation> operation(FlinkSessionJob resource) {
        return resource.status().operation();
    }

    @Override
    public ConfigRequest configuration(FlinkSessionJob resource) {
        return new ConfigRequest(
                resource.metadata().namespace(),
                Optional.empty(),
                new FlinkConfig(resource.spec().flinkConfiguration().flatten()));
    }

    @Override
    String deletion() {
        return "Its job, if it has one, goes on, and a deletion cancels it";
    }

    @Override
    List<Condition> conditions(FlinkSessionJob resource) {
        return resource.status().conditions();
    }

    @Override
    FlinkSessionJob with(List<Condition> conditions, FlinkSessionJob resource) {
        return resource.withStatus(resource.status().withConditions(conditions));
    }

    @Override
    public Reduction<FlinkSessionJob> reduce(FlinkSessionJob resource, Turn turn) {
        if (!resource.metadata().deleting()) {
            return super.reduce(resource, turn);
        }
        List<Event> events = new ArrayList<>();
        saved(turn)
                .ifPresent(path -> events.add(
                        Event.normal("Job", "SavepointBeforeDeletion", "The job was stopped with savepoint " + path)));
        FlinkSessionJobStatus status =
                resource.status().toBuilder().operation(turn.after()).build();
        var why = turn.problem().map(Operation.Failure::message).or(turn::waiting);
        return new Reduction<>(
                resource.withStatus(
                        why.map(text -> waiting(text, status, turn, events)).orElse(status)),
                events);
    }

    private static Optional<String> saved(Turn turn) {
        return turn.outcomes().isEmpty()
                ? Optional.empty()
                : turn.after()
                        .filter(Operation::saved)
                        .filter(operation ->
                                turn.before().filter(Operation::saved).isEmpty())
                        .map(operation -> operation.results().get(Operation.SAVEPOINT));
    }

    /** Reported by an event when it is news. */
    private static FlinkSessionJobStatus waiting(
            String why, FlinkSessionJobStatus status, Turn turn, List<Event> events) {
        if (status.conditions().stream()
                .anyMatch(condition ->
                        condition.type().equals(DELETING) && condition.message().equals(why))) {
            return status;
        }
        turn.problem()
                .ifPresent(problem -> events.add(
                        Event.warning("Operator", "CleanupFailed", why).foldedBy("CleanupFailed")));
        List<Condition> conditions = new ArrayList<>(status.conditions());
        conditions.removeIf(condition -> condition.type().equals(DELETING));
        conditions.add(new Condition(
                DELETING,
                "True",
                "Delete",
                why,
                Optional.of(turn.situation().now()),
                Optional.of(turn.situation().resource().metadata().generation()),
                Map.of()));
        return status.withConditions(conditions);
    }
}
