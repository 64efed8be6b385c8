package io.drey.core.engine;

import static java.util.Objects.requireNonNull;

import io.drey.core.generation.Generations.Entered;
import io.drey.core.port.ResourceCache;
import io.drey.spi.resource.ResourceRef;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Decides for all resources under the next generation of plugins, before it is at work: an exchange that would start an
 * operation by itself, leave a running one without its deployer, or a resource without its kind, is found before anything
 * happens.
 */
public final class SwapCheck {
    private static final int NAMED = 5;

    /** Findings about one kind that are enough to refuse a swap. */
    private static final int ENOUGH = 20;

    private final Trials trials;
    private final ResourceCache cache;

    /** Tries passes without doing anything. */
    @FunctionalInterface
    public interface Trials {
        /** What a pass in this generation would begin. */
        Trial trial(ResourceRef ref, Entered generation);
    }

    @Inject
    public SwapCheck(Trials trials, ResourceCache cache) {
        this.trials = requireNonNull(trials);
        this.cache = requireNonNull(cache);
    }

    /** What an exchange can do to a resource that it must not. */
    public enum Effect {
        /** No plugin would know the resource's kind. The detail is the kind. */
        KIND_LOST,
        /** An operation would start by itself. The detail is its cause. */
        OPERATION_STARTED,
        /** The running operation would be left without who carries it out. The detail is the deployer. */
        DEPLOYER_LOST,
        /** Nothing could be decided any more. The detail is why. */
        UNDECIDED
    }

    /**
     * What an exchange would do to one resource.
     *
     * @param detail see {@link Effect}
     */
    public record Finding(Effect effect, String detail, ResourceRef resource) {
        /** The effect as a sentence that goes on with the resource. */
        String sentence() {
            return switch (effect) {
                case KIND_LOST -> "no plugin would know the kind " + detail + " of";
                case OPERATION_STARTED -> "an operation (" + detail + ") would start by itself on";
                case DEPLOYER_LOST -> "the running operation would lose its deployer '" + detail + "' on";
                case UNDECIDED -> "nothing could be decided (" + detail + ") for";
            };
        }
    }

    /**
     * What the exchange would do to resources, those with the same trouble one after the other.
     *
     * @param next whose kinds have listed their resources
     */
    public List<Finding> findings(Entered next, Entered current) {
        return findings(next, current, Integer.MAX_VALUE);
    }

    /** As {@link #findings(Entered, Entered)}, but a kind is not looked at further once there are enough findings about it. */
    public List<Finding> firstFindings(Entered next, Entered current) {
        return findings(next, current, ENOUGH);
    }

    private List<Finding> findings(Entered next, Entered current, int enough) {
        List<Finding> found = new ArrayList<>();
        Map<String, Integer> byKind = new HashMap<>();
        for (var ref : cache.resources()) {
            if (byKind.getOrDefault(ref.kind(), 0) < enough) {
                var findings = findings(ref, next, current);
                found.addAll(findings);
                byKind.merge(ref.kind(), findings.size(), Integer::sum);
            }
        }
        found.sort(Comparator.comparing(Finding::sentence)
                .thenComparing(finding -> finding.resource().toString()));
        return List.copyOf(found);
    }

    private List<Finding> findings(ResourceRef ref, Entered next, Entered current) {
        if (!next.platform().kinds().containsKey(ref.kind())) {
            return current.platform().kinds().containsKey(ref.kind())
                    ? List.of(new Finding(Effect.KIND_LOST, ref.kind(), ref))
                    : List.of();
        }
        var then = trials.trial(ref, next);
        if (then.equals(Trial.NOTHING)) {
            return List.of();
        }
        var now = trials.trial(ref, current);
        List<Finding> found = new ArrayList<>();
        then.begins()
                .filter(cause -> !now.begins().equals(then.begins()))
                .ifPresent(cause -> found.add(new Finding(Effect.OPERATION_STARTED, cause.name(), ref)));
        then.orphaned()
                .filter(deployer -> now.orphaned().isEmpty())
                .ifPresent(deployer -> found.add(new Finding(Effect.DEPLOYER_LOST, deployer, ref)));
        then.failed()
                .filter(why -> now.failed().isEmpty())
                .ifPresent(why -> found.add(new Finding(Effect.UNDECIDED, why, ref)));
        return found;
    }

    /** A line for each trouble, with how many resources have it and some of them. */
    public static List<String> lines(List<Finding> findings) {
        return findings.stream()
                .collect(Collectors.groupingBy(
                        Finding::sentence, TreeMap::new, Collectors.mapping(Finding::resource, Collectors.toList())))
                .entrySet()
                .stream()
                .map(entry -> line(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static String line(String what, List<ResourceRef> refs) {
        var some = refs.stream()
                .limit(NAMED)
                .map(ref -> ref.namespace() + "/" + ref.name())
                .toList();
        var more = refs.size() > NAMED ? " and " + (refs.size() - NAMED) + " more" : "";
        var atLeast = refs.size() == ENOUGH ? "at least " : "";
        return what + " " + atLeast + refs.size() + (refs.size() == 1 ? " resource: " : " resources: ")
                + String.join(", ", some) + more;
    }
}
