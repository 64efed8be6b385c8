package io.drey.spi.plan;

import java.util.List;

/**
 * All that remains to do, in order. With unchanged facts the plan of the next pass is a suffix of this one.
 *
 * @param steps of the operation
 * @param chores beside it, each a list of its own: one that fails stops only itself
 */
public record Plan(List<Step> steps, List<List<Step>> chores) {
    /** Nothing to do. */
    public static final Plan EMPTY = new Plan(List.of(), List.of());

    public Plan {
        steps = List.copyOf(steps);
        chores = chores.stream().map(List::copyOf).toList();
    }
}
