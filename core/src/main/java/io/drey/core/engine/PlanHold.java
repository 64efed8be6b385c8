package io.drey.core.engine;

import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkResource;
import java.util.Optional;

/** How users see a change before it is carried out: an annotation holds it, another one lets one generation through. */
final class PlanHold {
    /** Holds every edit until it is approved, unless its value is {@code false}. */
    static final String ANNOTATION = "drey.io/plan";

    /** The generation that is let through. */
    static final String APPROVED = "drey.io/plan-approved";

    private PlanHold() {}

    /** Whether the spec as it is now was not begun, and must not be. */
    static boolean holds(CustomResource resource) {
        var metadata = resource.metadata();
        return metadata.annotations().containsKey(ANNOTATION)
                && !metadata.annotations().get(ANNOTATION).equalsIgnoreCase("false")
                && !String.valueOf(metadata.generation())
                        .equals(metadata.annotations().get(APPROVED))
                && resource instanceof FlinkResource flink
                && !flink.status().observedGeneration().equals(Optional.of(metadata.generation()));
    }

    /** What the user may do about it. */
    static String mend(CustomResource resource) {
        return "To let it through, set the annotation " + APPROVED + ": \""
                + resource.metadata().generation() + "\", or remove " + ANNOTATION;
    }
}
