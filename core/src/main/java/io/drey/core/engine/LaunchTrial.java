package io.drey.core.engine;

import io.drey.spi.fact.FactType;
import io.drey.spi.fact.Facts;
import io.drey.spi.fact.Reading;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.operation.Operation.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Verdicts of the API server on launches, by the spec that is launched. Known only of specs that were about to be launched
 * in this pass.
 */
record LaunchTrial(Map<Target, Verdict> verdicts) {
    static final FactType<LaunchTrial> TYPE = new FactType<>("launch-trial", LaunchTrial.class);

    /**
     * A verdict.
     *
     * @param refusal why nothing is launched; empty when the launch is accepted
     * @param after how long from now it is tried again
     * @param warnings about an accepted launch: quotas that the stop frees, pods that may be refused
     */
    record Verdict(Optional<Failure> refusal, Duration after, List<String> warnings) {
        static final Verdict ACCEPTED = new Verdict(Optional.empty(), Duration.ZERO, List.of());

        Verdict {
            warnings = List.copyOf(warnings);
        }
    }

    LaunchTrial {
        verdicts = Map.copyOf(verdicts);
    }

    /** The verdict on a launch of this spec; empty while it is not known. */
    static Optional<Verdict> of(PassSituation situation, Target target) {
        return situation.facts().find(TYPE).map(LaunchTrial::verdicts).map(verdicts -> verdicts.get(target));
    }

    /** The situation in which this is known too. */
    static PassSituation known(PassSituation situation, Target target, Verdict verdict) {
        Map<Target, Verdict> verdicts = new EnumMap<>(Target.class);
        situation.facts().find(TYPE).map(LaunchTrial::verdicts).ifPresent(verdicts::putAll);
        verdicts.put(target, verdict);
        return with(situation, new LaunchTrial(verdicts), situation.now());
    }

    /** The situation in which every launch counts as accepted, where none may be tried. */
    static PassSituation passedOver(PassSituation situation) {
        Map<Target, Verdict> verdicts = new EnumMap<>(Target.class);
        for (var target : Target.values()) {
            verdicts.put(target, Verdict.ACCEPTED);
        }
        return with(situation, new LaunchTrial(verdicts), situation.now());
    }

    private static PassSituation with(PassSituation situation, LaunchTrial trial, Instant at) {
        var readings = new HashMap<>(situation.facts().readings());
        readings.put(TYPE, new Reading.Known<>(trial, at));
        return situation.with(new Facts(readings));
    }
}
