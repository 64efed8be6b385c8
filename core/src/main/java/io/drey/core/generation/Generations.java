package io.drey.core.generation;

import io.drey.spi.resource.CustomResource;

/** Gives each pass the current generation of plugins, and learns when the pass has left it. Thread-safe. */
public interface Generations {
    /** Enters the current generation; to be closed at the end of the pass, on whatever way. */
    Entered enter();

    /** A pass inside a generation. */
    interface Entered extends AutoCloseable {
        /** What is in force for this resource. */
        FeatureSet features(CustomResource resource);

        /** The same for a kind whose resource was not loaded yet. */
        FeatureSet platform();

        @Override
        void close();
    }
}
