package io.drey.testkit;

/**
 * Counts effects, and ends the process before or after one of them. An effect is every call that changes something in
 * Kubernetes or Flink.
 */
public final class Faults {
    private int effects;
    private int crashAt = -1;
    private boolean before;

    /** No crash from here on. */
    public void none() {
        crashAt = -1;
    }

    /**
     * Crashes at the n-th effect from the start, counted from 0.
     *
     * @param beforeEffect whether the effect does not happen any more
     */
    public void crashAt(int effect, boolean beforeEffect) {
        this.crashAt = effect;
        this.before = beforeEffect;
    }

    /** How many effects there were. */
    public int effects() {
        return effects;
    }

    void before(String what) {
        if (crashAt == effects && before) {
            crashAt = -1;
            effects++;
            throw new Crash("before " + what);
        }
    }

    void after(String what) {
        int at = effects++;
        if (crashAt == at && !before) {
            crashAt = -1;
            throw new Crash("after " + what);
        }
    }
}
