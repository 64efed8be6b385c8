package io.drey.core.host;

/**
 * Why a plugin cannot be used.
 *
 * @param where the jar or plugin
 * @param what was found
 * @param mend what to do
 */
public record PluginProblem(String where, String what, String mend) {
    @Override
    public String toString() {
        return where + ": " + what + ". " + mend;
    }
}
