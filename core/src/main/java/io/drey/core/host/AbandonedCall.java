package io.drey.core.host;

/**
 * Unwinds a thread that was given up while it was inside of a plugin, should the plugin ever return. An error, so that
 * nothing on the way takes it for one more failure and goes on: another thread does this one's work by then.
 */
public final class AbandonedCall extends Error {
    private static final long serialVersionUID = 1L;

    AbandonedCall(String message) {
        super(message, null, false, false);
    }
}
