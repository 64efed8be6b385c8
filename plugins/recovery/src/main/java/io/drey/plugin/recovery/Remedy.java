package io.drey.plugin.recovery;

import io.drey.spi.Proposer;
import io.drey.spi.Situation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.FlinkDeployment;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;

/** Something that can be done about a FlinkDeployment that is not well. */
abstract class Remedy implements Proposer {
    private static final Duration POLL = Duration.ofSeconds(10);

    private final Cause cause;

    Remedy(Cause cause) {
        this.cause = cause;
    }

    @Override
    public final Set<String> kinds() {
        return Set.of(FlinkDeployment.TYPE.kind());
    }

    @Override
    public final Tier tier() {
        return Tier.REMEDY;
    }

    @Override
    public final Cause cause() {
        return cause;
    }

    /** What comes of asking a strategy how to go over to {@code target}; a refusal ends the pass. */
    static Proposal chosen(Situation situation, String strategy, Target target, Function<Choice.Go, Proposal> start) {
        return switch (situation.choose(strategy, target)) {
            case Choice.Go go -> start.apply(go);
            case Choice.Wait wait -> new Proposal.Wait(wait.reason(), wait.blocking(), POLL);
            case Choice.Retry retry -> new Proposal.Retry(retry.cause(), retry.after());
            case Choice.Refuse refuse -> new Proposal.Refuse(refuse.failure());
            case Choice.Hand hand -> throw new IllegalStateException("the engine follows hands: " + hand);
        };
    }

    /** The same where nothing is lost by leaving all as it is: then it waits, and says what hinders. */
    static Proposal unlessHindered(Proposal proposal, String until) {
        return switch (proposal) {
            case Proposal.Wait wait -> new Proposal.Wait(until + ": " + wait.reason(), false, POLL);
            case Proposal.Retry retry ->
                new Proposal.Wait(until + ": " + retry.cause().message(), false, POLL);
            case Proposal.Refuse refuse ->
                new Proposal.Wait(until + ": " + refuse.failure().message(), false, POLL);
            default -> proposal;
        };
    }
}
