package io.drey.core.cli;

/** The moment from which this process may change anything in the cluster. */
@FunctionalInterface
interface Turn {
    /**
     * Waits for it, for as long as that takes.
     *
     * @param parts receives what has to be closed when the process ends
     */
    void await(Parts parts);
}
