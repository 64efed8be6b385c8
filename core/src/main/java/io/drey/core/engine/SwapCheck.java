package io.drey.core.engine;

import static java.util.Objects.requireNonNull;

import io.drey.core.generation.Generations.Entered;
import io.drey.core.port.ResourceCache;
import io.drey.spi.resource.ResourceRef;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

    /**
     * What the exchange would do to resources, a line for each kind of trouble with how many and some of them.
     *
     * @param next whose kinds have listed their resources
     */
    public List<String> findings(Entered next, Entered current) {
        Map<String, List<ResourceRef>> found = new TreeMap<>();
        for (var ref : cache.resources()) {
            if (!next.platform().kinds().containsKey(ref.kind())) {
                if (current.platform().kinds().containsKey(ref.kind())) {
                    note(found, "no plugin would know the kind " + ref.kind() + " of", ref);
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
                    .ifPresent(cause -> note(found, "an operation (" + cause + ") would start by itself on", ref));
            then.orphaned()
                    .filter(deployer -> now.orphaned().isEmpty())
                    .ifPresent(deployer ->
                            note(found, "the running operation would lose its deployer '" + deployer + "' on", ref));
            then.failed()
                    .filter(why -> now.failed().isEmpty())
                    .ifPresent(why -> note(found, "nothing could be decided (" + why + ") for", ref));
        }
        return found.entrySet().stream()
                .map(entry -> line(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static void note(Map<String, List<ResourceRef>> found, String what, ResourceRef ref) {
        found.computeIfAbsent(what, none -> new ArrayList<>()).add(ref);
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
