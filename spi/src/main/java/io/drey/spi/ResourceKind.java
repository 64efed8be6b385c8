package io.drey.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Outcome;
import io.drey.spi.plan.Plan;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A kind of custom resource: how it is read, what its edits mean, and how its status is computed. One per kind in the
 * process, since CRD, watches and finalizers are global.
 *
 * <p>Scope: one instance for all resources of the kind. Thread: any, many at once. Pure, all of it.
 *
 * <p>Failure: an object that cannot be read is left alone, with an event about it, until it is changed or deleted. A read that
 * fails in another way is made again. Anything else that throws is
 * a bug: the pass ends there, writes no status and is tried again.
 *
 * @param <R> the record of the kind
 */
public interface ResourceKind<R extends CustomResource> {
    /** Its names on the wire. */
    ResourceType type();

    /**
     * Whether the operator does without this kind where its CRD is not installed, or its role may not watch it. It is watched
     * as soon as it can be. Without the others the operator does not start.
     */
    default boolean optional() {
        return false;
    }

    /**
     * Reads an object. Called once per version of the object, not per pass.
     *
     * @throws IllegalArgumentException when it cannot be read at all; unknown fields and values are no reason
     */
    R read(JsonNode object);

    /** The status to be written, complete, with fields that this version does not know. */
    ObjectNode writeStatus(R resource);

    /** The operation in its status. */
    Optional<Operation> operation(R resource);

    /**
     * Why nothing may be done about this resource but to delete it: its status has an operation that this version cannot
     * carry on, since a newer one wrote it.
     */
    default Optional<Failure> held(R resource) {
        return Optional.empty();
    }

    /** The resource with the spec that its status records as carried out. */
    Optional<R> deployed(R resource);

    /** The resource with the spec that its status records as stable. */
    Optional<R> stable(R resource);

    /** How {@code to} differs from {@code from}. */
    SpecDiff specDiff(R from, R to);

    /** Which configuration this resource runs under. */
    ConfigRequest configuration(R resource);

    /**
     * The operation that a status without {@code status.operation} is in the middle of: written by the Apache operator,
     * or stripped by it.
     */
    Optional<Operation> infer(Situation situation);

    /**
     * Turns a running operation that launched nothing yet to another spec. Id, results and a stop once recorded stay. The
     * state that is restored follows from what the stop saves or saved, what metadata holds, where it was found when the
     * operation began, and this spec: never from a spec in between.
     *
     * @param target {@code CURRENT} for a newer spec that was admitted meanwhile; {@code DEPLOYED} to go back to the
     *     deployed one, since the spec of the operation is gone and the newer one is withheld
     */
    Retarget retarget(Operation running, Situation situation, Target target);

    /** The status after this pass, and what is to be told about it. Pure. */
    Reduction<R> reduce(R resource, Turn turn);

    /**
     * @param flinkVersion as the resource spells it, {@code v2_0}; empty when it has none
     * @param own the resource's own keys, flat
     */
    record ConfigRequest(String namespace, Optional<String> flinkVersion, FlinkConfig own) {}

    /** What becomes of a running operation that is turned to another spec. */
    sealed interface Retarget {
        /** It carries out the other spec. */
        record To(Operation operation) implements Retarget {}

        /** It is held as it is: with the other spec, state would be lost. */
        record Refuse(Failure failure) implements Retarget {}
    }

    /** @param events to be written before the status */
    record Reduction<R>(R resource, List<Event> events) {}

    /**
     * What happened in a pass.
     *
     * @param situation before it
     * @param plan what there was to do
     * @param outcomes of the steps that were carried out, in order
     * @param before the operation as it was loaded
     * @param after the operation as it is to be stored: empty when none runs or it ended in this pass
     * @param ended whether {@code before} ended in this pass, all its effects done
     * @param problem why nothing was started, or the operation did not get on
     * @param waiting what the operation, or its start, waits for
     * @param beside failures of contributions that held up nothing else; each names its plugin
     */
    record Turn(
            Situation situation,
            Plan plan,
            Map<Step, Outcome> outcomes,
            Optional<Operation> before,
            Optional<Operation> after,
            boolean ended,
            Optional<Failure> problem,
            Optional<String> waiting,
            List<Failure> beside) {
        public Turn {
            beside = List.copyOf(beside);
        }

        /** A turn in which nothing failed beside the operation. */
        public Turn(
                Situation situation,
                Plan plan,
                Map<Step, Outcome> outcomes,
                Optional<Operation> before,
                Optional<Operation> after,
                boolean ended,
                Optional<Failure> problem,
                Optional<String> waiting) {
            this(situation, plan, outcomes, before, after, ended, problem, waiting, List.of());
        }

        /** The same, with these failures too. */
        public Turn with(List<Failure> more) {
            return new Turn(
                    situation,
                    plan,
                    outcomes,
                    before,
                    after,
                    ended,
                    problem,
                    waiting,
                    Stream.concat(beside.stream(), more.stream()).toList());
        }

        /** Whether the operation in {@link #after} was recorded in this pass. */
        public boolean started() {
            return after.isPresent()
                    && (before.isEmpty()
                            || !before.get().id().equals(after.get().id()));
        }
    }
}
