package io.drey.testkit;

/**
 * Counts effects, and ends the process before or after one of them. An effect is every call that changes something in
 * Kubernetes or Flink.
 */
public final class Faults {
    private int effects;
    private int crashAt = -1;
    private boolean before;
    private Disturbance disturbance = Disturbance.NONE;

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

    /** From now on this is asked about each effect; it may throw. */
    public void disturb(Disturbance by) {
        disturbance = by;
    }

    /** What goes wrong outside of the operator, or ends it. */
    public interface Disturbance {
        /** Nothing goes wrong. */
        Disturbance NONE = (what, happened) -> {};

        /**
         * @param what {@code create Deployment ns/name}, {@code cancel ns/name}
         * @param happened whether the effect has happened: what is thrown then only hides it
         */
        void around(String what, boolean happened);

        /**
         * The API server is to read something; it may throw.
         *
         * @param what {@code get Deployment ns/name}, {@code list Pod ns}
         */
        default void reads(String what) {}

        /** Whether the request for an effect has no answer now, and happens later. */
        default boolean late(String what) {
            return false;
        }
    }

    /** The operator's process ends here. */
    public static Crash crash(String where) {
        return new Crash(where);
    }

    void reads(String what) {
        disturbance.reads(what);
    }

    boolean late(String what) {
        return disturbance.late(what);
    }

    void before(String what) {
        disturbance.around(what, false);
        if (crashAt == effects && before) {
            crashAt = -1;
            effects++;
            throw new Crash("before " + what);
        }
    }

    void after(String what) {
        int at = effects++;
        disturbance.around(what, true);
        if (crashAt == at && !before) {
            crashAt = -1;
            throw new Crash("after " + what);
        }
    }
}
