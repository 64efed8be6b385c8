package io.drey.core.port;

import io.drey.spi.operation.ErrorKind;

/** The API server refused, or did not answer. */
public final class KubernetesError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;

    /**
     * @param code HTTP status; 0 when there was no answer
     * @param message what the API server said; it may name objects, never their contents
     */
    public KubernetesError(int code, String message) {
        super(message);
        this.code = code;
    }

    /** HTTP status; 0 when there was no answer. */
    public int code() {
        return code;
    }

    /** Whether the object was changed or made by somebody else meanwhile. */
    public boolean conflict() {
        return code == 409;
    }

    /**
     * Whether the API server understood and said no: a rule of its own, of a webhook or of a policy, which somebody may
     * change without any edit of the resource.
     */
    public boolean refused() {
        return switch (code) {
            case 400, 403, 413, 422 -> true;
            default -> false;
        };
    }

    /** Who can mend it. */
    public ErrorKind kind() {
        return switch (code) {
            case 409, 410, 429 -> ErrorKind.TRANSIENT;
            default -> ErrorKind.EXTERNAL;
        };
    }
}
