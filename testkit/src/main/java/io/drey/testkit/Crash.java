package io.drey.testkit;

/** The operator's process ended here. An Error, so that nothing in between takes it for a failure to be handled. */
public final class Crash extends Error {
    private static final long serialVersionUID = 1;

    Crash(String where) {
        super(where, null, false, false);
    }
}
