package io.drey.core.generation;

import io.drey.spi.resource.CustomResource;
import java.util.Map;
import java.util.function.Function;

/** Gives each pass the current generation of plugins, and learns when the pass has left it. Thread-safe. */
public interface Generations {
    /** Enters the current generation; to be closed at the end of the pass, on whatever way. */
    Entered enter();

    /** A pass inside a generation. */
    interface Entered extends AutoCloseable {
        /**
         * What is in force for this resource.
         *
         * @param namespaceLabels of its namespace, asked for only when they count
         */
        InForce inForce(CustomResource resource, Function<String, Map<String, String>> namespaceLabels);

        /** Whether what is in force depends on the labels of namespaces. */
        boolean readsNamespaceLabels();

        /** Enters this generation once more, although it may not be the current one any longer. To be closed, too. */
        Entered again();

        /** What is in force where nothing else was decided; the kinds in it are everybody's. */
        FeatureSet platform();

        @Override
        void close();
    }
}
