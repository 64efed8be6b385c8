package io.drey.plugin.deployments;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.drey.plugin.deployments.PodProblem.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Problems of pods that were told, and are still there or were not long ago: pods that fail are replaced by others that
 * fail, and what is told of them stays the same until they do not. So it changes with what happens, and not with each pod.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record KnownPodProblems(List<Known> problems) {
    static final KnownPodProblems NONE = new KnownPodProblems(List.of());

    /** What is not seen again for so long after it was told is over. */
    static final Duration HELD = Duration.ofMinutes(5);

    private static final int MANY = 5;

    /**
     * @param key of {@link PodProblem#key}
     * @param text as it was told
     * @param at when
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Known(
            String key,
            String reason,
            String text,
            @JsonFormat(shape = JsonFormat.Shape.STRING) Instant at) {
        Role role() {
            return Role.valueOf(key.substring(0, key.indexOf('/')));
        }

        private Instant end() {
            return at.plus(HELD);
        }
    }

    KnownPodProblems {
        problems = problems == null ? List.of() : List.copyOf(problems);
    }

    /** What is known after these were seen, at most a few; those that are new are last. */
    KnownPodProblems seeing(PodProblems seen, Instant now) {
        var current = current(seen, now);
        List<Known> next = new ArrayList<>();
        problems.stream()
                .filter(known -> current.containsKey(known.key()) || known.end().isAfter(now))
                .forEach(next::add);
        current.forEach((key, same) -> {
            if (next.size() < MANY
                    && next.stream().noneMatch(known -> known.key().equals(key))) {
                var first = same.getFirst();
                var pods = same.stream().map(PodProblem::pod).distinct().count();
                next.add(new Known(key, first.reason(), first.text((int) pods - 1), now));
            }
        });
        return new KnownPodProblems(next);
    }

    /** By key, in the order in which they were seen. */
    private static Map<String, List<PodProblem>> current(PodProblems seen, Instant now) {
        Map<String, List<PodProblem>> current = new LinkedHashMap<>();
        for (var problem : seen.found()) {
            if (!problem.from(now).isAfter(now) && !problem.over(now, HELD)) {
                current.computeIfAbsent(problem.key(), none -> new ArrayList<>())
                        .add(problem);
            }
        }
        return current;
    }

    /** How long from now something else may be known although nothing was seen to change; empty when never. */
    Optional<Duration> until(PodProblems seen, Instant now) {
        return Stream.concat(
                        problems.stream().map(Known::end), seen.found().stream().map(problem -> problem.from(now)))
                .filter(time -> time.isAfter(now))
                .min(Instant::compareTo)
                .map(time -> Duration.between(now, time));
    }
}
