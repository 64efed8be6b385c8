package io.drey.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.operation.Operation;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.Rescaling;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.CustomResource;
import java.util.List;
import java.util.Optional;

/**
 * How a cluster becomes Kubernetes objects, and how they go away. Chosen by name when an operation is recorded; what
 * runs under a name needs it as long as it runs.
 *
 * <p>Scope: one instance for all resources and tenants. Thread: any, many at once. Pure: it returns manifests and steps,
 * and the core carries them out. The same launch gives the same objects, also after a restart of the operator.
 *
 * <p>Failure: see each method for what is about the user; any other exception is a bug, and the operation does not get on
 * until it is gone.
 */
public interface Deployer {
    /** {@code native}, {@code standalone}. Unique in a feature set. */
    String name();

    /**
     * The objects of a launch, in the order in which they are created. The first one is the JobManager Deployment and
     * owns the others.
     *
     * @throws IllegalArgumentException when the launch cannot be rendered; the message names the field or key and the
     *     mend
     */
    List<ObjectNode> render(Launch launch);

    /**
     * Pods that Flink itself will ask for once this launch runs, one of each kind. They are never created: the API server is
     * asked whether it would take them before anything is stopped for the launch.
     */
    default List<ObjectNode> pods(Launch launch) {
        return List.of();
    }

    /**
     * Steps that remove the cluster's objects, and wait until they are gone; empty when the facts say they are. The last
     * one waits, so that nothing else is done in the same pass.
     */
    List<Step> teardown(Situation situation, Operation operation);

    /**
     * Steps that remove high-availability metadata that a launch must not find, and wait where it does not go at once; empty
     * when nothing of it is left. That is all of it, or, when the operation restores from it, only the job as it was submitted
     * last, which Flink would otherwise run in place of the new spec, and the lease of the leader that is gone.
     *
     * <p>Asked when {@link #teardown} has nothing left to do, and again in phase {@link Operation.Phase#LAUNCHING} as long as
     * nothing of the launch is there: metadata under the operation's own job id is then what an earlier try of this launch
     * has reached, and stays.
     */
    List<Step> clear(Situation situation, Operation operation);

    /**
     * How what runs comes to the parallelism of another spec without a restart. What it answers may be carried out twice;
     * it is asked before that is decided, and again in every pass while it is under way.
     *
     * @throws io.drey.spi.fact.MissingFact when it needs a fact that was not read
     */
    default Rescaling rescale(Situation situation, Rescaling.Wanted wanted) {
        return new Rescaling.Impossible("deployer " + name() + " starts clusters anew for that");
    }

    /** Where the REST API of this resource's cluster is. */
    FlinkRef flink(CustomResource resource, FlinkConfig config);

    /**
     * What is to be launched.
     *
     * @param resource with the spec of the operation's target
     * @param config complete: decorated, operator keys included
     * @param jobManagerTemplate pod template, an empty object when there is none
     * @param taskManagerTemplate pod template, an empty object when there is none
     * @param operation that launches; its id goes into what is made
     * @param jobId 32 hex digits; empty for a session cluster
     * @param savepoint path to restore from
     */
    record Launch(
            CustomResource resource,
            FlinkConfig config,
            JsonNode jobManagerTemplate,
            JsonNode taskManagerTemplate,
            Operation operation,
            Optional<String> jobId,
            Optional<String> savepoint) {}
}
