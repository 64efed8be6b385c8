package io.drey.core.host;

import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.Generations.Entered;
import java.util.Collection;
import java.util.List;

/** What the rest of the operator does when plugins are exchanged. Called by one thread at a time. */
public interface Transition {
    /**
     * Gets ready what the next generation needs, and judges what it would do.
     *
     * @param next entered, so that passes can be tried with it; left by the caller
     * @param current that is at work, entered as well
     * @return why the next one must not take over; empty when it may
     */
    List<PluginProblem> prepare(Entered next, Entered current);

    /** The next generation is at work. Passes of the one before may still be in flight. */
    void swapped(FeatureSet now);

    /** A generation has ended, or was refused. These are the ones that are left. */
    void retired(Collection<FeatureSet> left);
}
