package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.Situation;
import io.drey.spi.plugin.PluginMemory;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** Remembers what was told of pods, until they are well or replaced. */
final class PodProblemsPart extends PluginMemory<KnownPodProblems> {
    @Inject
    PodProblemsPart(ObjectMapper mapper) {
        super(mapper, "deployments", "podProblems", KnownPodProblems.class);
    }

    /** What is known now; as before when nobody looked. */
    KnownPodProblems now(Situation situation) {
        return now(of(situation.resource()), situation);
    }

    private static KnownPodProblems now(Optional<KnownPodProblems> before, Situation situation) {
        var known = before.orElse(KnownPodProblems.NONE);
        return situation
                .facts()
                .find(PodProblems.TYPE)
                .map(seen -> known.seeing(seen, situation.now()))
                .orElse(known);
    }

    /** What is known after a turn: nothing of pods that are replaced. */
    KnownPodProblems after(Turn turn) {
        return after(of(turn.situation().resource()), turn);
    }

    private static KnownPodProblems after(Optional<KnownPodProblems> before, Turn turn) {
        boolean replaced = turn.after()
                .or(() -> turn.ended() ? turn.before() : Optional.empty())
                .filter(operation -> !operation.inPlace())
                .isPresent();
        return replaced ? KnownPodProblems.NONE : now(before, turn.situation());
    }

    /** What is known now and was not told before. */
    List<KnownPodProblems.Known> untold(Situation situation) {
        var before = of(situation.resource()).orElse(KnownPodProblems.NONE).problems();
        return now(situation).problems().stream()
                .filter(known -> !before.contains(known))
                .toList();
    }

    @Override
    public Optional<KnownPodProblems> reduce(Optional<KnownPodProblems> part, Turn turn) {
        return Optional.of(after(part, turn)).filter(known -> !known.problems().isEmpty());
    }
}
