package io.drey.examples.counting;

/**
 * What one run of the job commits with one checkpoint.
 *
 * @param run of which no other run has the name
 * @param ranges as {@link Ranges} writes them
 */
record Transaction(String run, long checkpoint, String ranges) {
    /** The file of the ledger in which it is. */
    String file() {
        return "commit-" + run + "-" + checkpoint;
    }

    static Transaction parse(String text) {
        var parts = text.split(" ", -1);
        return new Transaction(parts[0], Long.parseLong(parts[1]), parts[2]);
    }

    @Override
    public String toString() {
        return run + " " + checkpoint + " " + ranges;
    }
}
