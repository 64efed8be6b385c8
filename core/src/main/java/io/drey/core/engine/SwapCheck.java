package io.drey.core.engine;

import static java.util.Objects.requireNonNull;

import io.drey.core.generation.Generations.Entered;
import io.drey.core.port.ResourceCache;
import io.drey.spi.resource.ResourceRef;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Decides for all resources under the next generation of plugins, before it is at work: an exchange that would start an
 * operation by itself, leave a running one without its deployer, or a resource without its kind, is found before anything
 * happens.
 */
public final class SwapCheck {
    private static final int NAMED = 5;

    private final Engine engine;
    private final ResourceCache cache;

    @Inject
    public SwapCheck(Engine engine, ResourceCache cache) {
        this.engine = requireNonNull(engine);
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
        List<Finding> found = new ArrayList<>();
        for (var ref : cache.resources()) {
            if (!next.platform().kinds().containsKey(ref.kind())) {
                if (current.platform().kinds().containsKey(ref.kind())) {
                    found.add(new Finding(Effect.KIND_LOST, ref.kind(), ref));
                }
                continue;
            }
            var then = engine.trial(ref, next);
            if (then.equals(Trial.NOTHING)) {
                continue;
            }
            var now = engine.trial(ref, current);
            then.begins()
                    .filter(cause -> !now.begins().equals(then.begins()))
                    .ifPresent(cause -> found.add(new Finding(Effect.OPERATION_STARTED, cause.name(), ref)));
            then.orphaned()
                    .filter(deployer -> now.orphaned().isEmpty())
                    .ifPresent(deployer -> found.add(new Finding(Effect.DEPLOYER_LOST, deployer, ref)));
            then.failed()
                    .filter(why -> now.failed().isEmpty())
                    .ifPresent(why -> found.add(new Finding(Effect.UNDECIDED, why, ref)));
        }
        found.sort(Comparator.comparing(Finding::sentence)
                .thenComparing(finding -> finding.resource().toString()));
        return List.copyOf(found);
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
        return what + " " + refs.size() + (refs.size() == 1 ? " resource: " : " resources: ") + String.join(", ", some)
                + more;
    }
}
