package io.drey.spi.plan;

import static java.util.Objects.requireNonNull;

import io.drey.spi.resource.CustomResource;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** What a deployer answers about giving what runs another parallelism without a restart. */
public sealed interface Rescaling {
    /** Code of the failure when it was tried in vain, and an upgrade is needed. */
    String FAILED = "RescaleFailed";

    /**
     * It can be done.
     *
     * @param steps that do it, or an {@link Step.Await} alone while it is not known which; empty when it is so already
     */
    record Possible(List<Step> steps) implements Rescaling {
        public Possible {
            steps = List.copyOf(steps);
        }
    }

    /**
     * It takes an upgrade.
     *
     * @param why for people
     */
    record Impossible(String why) implements Rescaling {
        public Impossible {
            requireNonNull(why, "why");
        }
    }

    /**
     * What is wanted.
     *
     * @param target the resource with the spec that says the parallelism
     * @param dropped ids of vertices that have parallelism of their own as they run, and none in {@code target}
     * @param since facts that are older do not tell what the job has
     */
    record Wanted(CustomResource target, Set<String> dropped, Instant since) {
        public Wanted {
            requireNonNull(target, "target");
            dropped = Set.copyOf(dropped);
            requireNonNull(since, "since");
        }
    }
}
