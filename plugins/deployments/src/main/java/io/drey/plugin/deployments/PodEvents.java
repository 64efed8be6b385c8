package io.drey.plugin.deployments;

import io.drey.plugin.deployments.PodProblem.Role;
import io.drey.spi.Proposer;
import io.drey.spi.Situation;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.FlinkDeployment;
import jakarta.inject.Inject;
import java.util.Set;

/** Tells what keeps pods from their work, once until they are well. */
final class PodEvents implements Proposer {
    private final PodProblemsPart told;

    @Inject
    PodEvents(PodProblemsPart told) {
        this.told = told;
    }

    @Override
    public Set<String> kinds() {
        return Set.of(FlinkDeployment.TYPE.kind());
    }

    @Override
    public Tier tier() {
        return Tier.CHORE;
    }

    @Override
    public Proposal propose(Situation situation) {
        var seen = situation.facts().find(PodProblems.TYPE);
        if (seen.isEmpty()) {
            return Proposal.Idle.NOW;
        }
        var events = told.untold(situation).stream()
                .filter(known -> !toldOfJobManager(known, situation))
                .map(PodEvents::event)
                .toList();
        return events.isEmpty()
                ? new Proposal.Idle(told.now(situation).until(seen.get(), situation.now()))
                : new Proposal.Tell(events);
    }

    /** Why no JobManager starts is told as the error of the resource. */
    private static boolean toldOfJobManager(KnownPodProblems.Known known, Situation situation) {
        return known.role() == Role.JOB_MANAGER
                && PodTrouble.WAITING.contains(known.reason())
                && !known.reason().equals(PodProblem.OUT_OF_MEMORY)
                && situation
                        .facts()
                        .get(ClusterObjects.TYPE)
                        .jobManager()
                        .filter(JobManagerReducer::available)
                        .isEmpty();
    }

    private static Event event(KnownPodProblems.Known known) {
        return Event.warning(known.role().component, known.reason(), known.text())
                .foldedBy("pod-problem-" + known.key());
    }
}
