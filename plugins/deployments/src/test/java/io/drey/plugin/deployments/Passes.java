package io.drey.plugin.deployments;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.ResourceKind.Retarget;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Plan;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.Condition;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkDeploymentStatus;
import io.drey.spi.resource.LastReconciledSpec;
import io.drey.spi.resource.ResourceMapper;
import io.drey.testkit.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Passes over one FlinkDeployment, by value: what an engine hands to the kind and to the proposers, with every status
 * written to JSON and read again. It has no effects; a test says what was done and what is seen.
 */
final class Passes {
    static final Instant BEGIN = Instant.parse("2026-11-01T12:00:00Z");

    final ResourceMapper mapper = new ResourceMapper();
    final FlinkDeploymentKind kind = new FlinkDeploymentKind(mapper, new PodProblemsPart(new ObjectMapper()));
    private final DeploymentChange change = new DeploymentChange(mapper, new RescalesPart(new ObjectMapper()));
    private final DeploymentDelete delete = new DeploymentDelete(mapper);
    private final Map<String, Choice> strategies = new HashMap<>();
    private ObjectNode raw;
    private Instant now = BEGIN;
    private Optional<ClusterObjects> objects = Optional.empty();
    private Optional<FlinkJobs> flink = Optional.empty();
    private Optional<Instant> flinkSeen = Optional.empty();
    private List<Violation> violations = List.of();
    private List<Event> events = List.of();
    private int ids;

    Passes(String yaml) {
        raw = (ObjectNode) Simulation.parse(yaml);
        raw.withObject("/metadata").put("generation", 1).put("uid", "uid-1");
        raw.withObject("/metadata")
                .withArray("finalizers")
                .add(FlinkDeployment.TYPE.finalizer().orElseThrow());
    }

    /** An application that runs and is stable in generation 1, under the job id of {@link #jobId()}. */
    static Passes running(String yaml) {
        var passes = new Passes(yaml);
        passes.start().launch();
        passes.sees(Seen.available(1)).sees(Seen.job(passes.jobId(), "RUNNING")).rest();
        return passes;
    }

    // What the world does

    /** The user applies this. */
    Passes apply(String yaml) {
        raw.set("spec", Simulation.parse(yaml).path("spec"));
        var metadata = raw.withObject("/metadata");
        metadata.put("generation", metadata.path("generation").asLong() + 1);
        return this;
    }

    Passes deleted() {
        raw.withObject("/metadata").put("deletionTimestamp", now.toString());
        return this;
    }

    Passes sees(ClusterObjects seen) {
        objects = Optional.of(seen);
        return this;
    }

    Passes sees(FlinkJobs seen) {
        flink = Optional.of(seen);
        flinkSeen = Optional.empty();
        return this;
    }

    /** The poller's view is of this age, in every pass from now on, and not fresh in each. */
    Passes seesSince(Instant at, FlinkJobs seen) {
        flink = Optional.of(seen);
        flinkSeen = Optional.of(at);
        return this;
    }

    Passes flinkNotAskedYet() {
        flink = Optional.empty();
        return this;
    }

    Passes violating(Violation... now) {
        violations = List.of(now);
        return this;
    }

    Passes strategy(String name, Choice choice) {
        strategies.put(name, choice);
        return this;
    }

    Passes later(Duration duration) {
        now = now.plus(duration);
        return this;
    }

    /** Another operator wrote this status. */
    Passes status(FlinkDeploymentStatus status) {
        raw.set("status", mapper.write(status));
        return this;
    }

    // What a pass does

    TestSituation situation() {
        return new TestSituation(
                kind, resource(), objects, flink, flinkSeen.orElse(now), violations, strategies, now, freshId());
    }

    Proposal proposed() {
        return (resource().metadata().deleting() ? delete : change).propose(situation());
    }

    /** A pass in which nothing is started. */
    Passes rest() {
        return reduce(resource().status().operation(), false, Optional.empty(), Optional.empty());
    }

    Passes refused(Failure failure) {
        return reduce(resource().status().operation(), false, Optional.of(failure), Optional.empty());
    }

    Passes waiting(String what) {
        return reduce(resource().status().operation(), false, Optional.empty(), Optional.of(what));
    }

    /** Records what is proposed. */
    Passes start() {
        if (!(proposed() instanceof Proposal.Start start)) {
            throw new AssertionError("no start, but " + proposed());
        }
        var id = freshId();
        ids++;
        return after(new Operation(
                id,
                start.cause(),
                start.target(),
                resource().metadata().generation(),
                start.chosenBy(),
                start.deployer(),
                start.stop(),
                start.restore(),
                start.launch(),
                Phase.RECORDED,
                1,
                now,
                now,
                start.launch() ? new TreeMap<>(Map.of("jobId", jobIdOf(id))) : Map.of(),
                Optional.empty(),
                start.state()));
    }

    /** The running operation gets to this phase. */
    Passes at(Phase phase) {
        return after(operation().at(phase, now));
    }

    Passes retarget() {
        return switch (kind.retarget(operation(), situation(), Target.CURRENT)) {
            case Retarget.To to -> after(to.operation());
            case Retarget.Refuse refuse -> throw new AssertionError(refuse.failure());
        };
    }

    /** The running operation fails at what it does. */
    Passes failing(Failure failure) {
        return reduce(Optional.of(operation().failed(failure, false)), false, Optional.of(failure), Optional.empty());
    }

    /** All that remains of the running operation is done. */
    Passes end() {
        return reduce(Optional.empty(), true, Optional.empty(), Optional.empty());
    }

    /** From a recorded operation to its end. */
    Passes launch() {
        return at(Phase.STOPPED).at(Phase.CLEARED).at(Phase.LAUNCHING).end();
    }

    private Passes after(Operation operation) {
        return reduce(Optional.of(operation), false, Optional.empty(), Optional.empty());
    }

    private Passes reduce(
            Optional<Operation> after, boolean ended, Optional<Failure> problem, Optional<String> waiting) {
        var reduction = kind.reduce(resource(), turn(after, ended, problem, waiting));
        raw.set("status", kind.writeStatus(reduction.resource()));
        events = reduction.events();
        return this;
    }

    private Turn turn(Optional<Operation> after, boolean ended, Optional<Failure> problem, Optional<String> waiting) {
        return new Turn(
                situation(), Plan.EMPTY, Map.of(), resource().status().operation(), after, ended, problem, waiting);
    }

    // What there is to see

    FlinkDeployment resource() {
        return kind.read(raw);
    }

    FlinkDeploymentStatus status() {
        return resource().status();
    }

    /** The resource as it is stored. */
    ObjectNode object() {
        return raw.deepCopy();
    }

    /** What a pass in which nothing is started hands to the kind. */
    Turn turn() {
        return turn(resource().status().operation(), false, Optional.empty(), Optional.empty());
    }

    /** The status as it stands in the resource. */
    ObjectNode json() {
        return raw.withObject("/status").deepCopy();
    }

    Operation operation() {
        return status().operation().orElseThrow();
    }

    String jobId() {
        return status().jobStatus().jobId().orElseThrow();
    }

    LastReconciledSpec<FlinkDeploymentSpec> recorded() {
        return new Recorded(mapper).last(resource()).orElseThrow();
    }

    /** Reasons of the events of the last pass. */
    List<String> reasons() {
        return events.stream().map(Event::reason).toList();
    }

    Event event(String reason) {
        return events.stream()
                .filter(event -> event.reason().equals(reason))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + reason + " in " + events));
    }

    Condition condition(String type) {
        return status().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type + " in " + status().conditions()));
    }

    static String jobIdOf(String operation) {
        return requireNonNull(operation).replace('0', 'a');
    }

    private String freshId() {
        return String.format("%032x", ids + 1);
    }

    static FlinkConfig config(FlinkDeploymentSpec spec) {
        return new FlinkConfig(spec.flinkConfiguration().flatten());
    }
}
