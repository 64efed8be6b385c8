package io.drey.spi;

import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.Facts;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.plan.Rescaling;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything that a decision about one resource may look at, in one pass. Immutable, usable by any thread, valid during
 * the pass only: keep what it returns, not the situation.
 */
public interface Situation {
    /** The resource as it was loaded, with its status. */
    CustomResource resource();

    /**
     * The resource with the spec to work with: the user's, or the deployed one where the user's was not admitted. Empty
     * when the user's was not admitted and none is deployed.
     */
    Optional<CustomResource> admitted();

    /** The resource with the spec that was last carried out; empty before the first deployment. */
    Optional<CustomResource> deployed();

    /** The resource with the spec that was last stable. */
    Optional<CustomResource> stable();

    /** How {@link #admitted} differs from {@link #deployed}; no changes where one of them is missing. */
    SpecDiff diff();

    /** Why the user's spec was not admitted; empty when it was. */
    List<AdmissionRule.Violation> violations();

    /**
     * The resource with the spec that an operation carries out. After an edit that the operation was not turned to, the
     * spec that was recorded for it.
     */
    default Optional<CustomResource> target(Operation carriedOut) {
        return switch (carriedOut.target()) {
            case CURRENT ->
                resource().metadata().generation() == carriedOut.generation()
                        ? admitted()
                        : deployed().or(this::admitted);
            case DEPLOYED -> deployed();
            case STABLE -> stable();
        };
    }

    /** The operation that runs. */
    Optional<Operation> operation();

    /** What is known. */
    Facts facts();

    /**
     * A fact, if it was seen since a launch. What was seen before is of the JobManager that was replaced, whose job may
     * have had the same id. Another operator's clock may be ahead of ours: then its time says nothing.
     *
     * @param recorded the status that records the launch
     */
    default <F> Optional<F> sinceLaunch(FactType<F> type, FlinkStatus recorded) {
        var launched = Instant.ofEpochMilli(recorded.reconciliationStatus().reconciliationTimestamp());
        return launched.isAfter(now()) ? facts().find(type) : facts().find(type, launched);
    }

    /** Configuration of {@link #admitted}: platform, namespace, Flink version, resource. */
    FlinkConfig config();

    /** Configuration of {@link #deployed}, with operator keys of {@link #admitted}; that of {@code admitted} before. */
    FlinkConfig deployedConfig();

    /** When the pass began. The only clock. */
    Instant now();

    /** 32 hex digits that nobody has seen before; the same during the pass. */
    String freshId();

    /**
     * What the upgrade strategy of this name answers about going over to {@link #admitted}; a strategy that hands over is
     * followed.
     *
     * @return {@link Choice.Refuse} when there is none of this name
     */
    default Choice choose(String strategy) {
        return choose(strategy, Target.CURRENT);
    }

    /**
     * The same about going over to another spec: the strategy sees the spec and configuration of {@code target} as the
     * admitted ones.
     *
     * @return {@link Choice.Refuse} too when there is no such spec
     */
    Choice choose(String strategy, Target target);

    /** What the deployer of this name answers about other parallelism of what runs. */
    default Rescaling rescale(String deployer, Rescaling.Wanted wanted) {
        return new Rescaling.Impossible("no deployer is asked here");
    }
}
