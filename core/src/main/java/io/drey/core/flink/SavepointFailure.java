package io.drey.core.flink;

import io.drey.spi.plan.Step.SavepointRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A savepoint that failed, for people.
 *
 * @param cause that Flink gives for the savepoint
 * @param thrown by the tasks meanwhile, which is what lies behind a cause such as "FailoverRegion is restarting"
 */
record SavepointFailure(String cause, Optional<String> thrown, SavepointRequest request) {
    private static final List<String> RESTARTS =
            List.of("is restarting", "is suspending", "failoverregion", "jobfailover");
    private static final List<String> NOT_IN_THIS_FORMAT =
            List.of("unsupportedoperationexception", "canonical savepoint", "canonical format");
    private static final List<String> TOO_LATE = List.of("expired", "timeoutexception", "timed out");
    private static final List<String> NOT_WRITABLE = List.of(
            "filenotfoundexception",
            "nosuchfileexception",
            "accessdenied",
            "access denied",
            "permission denied",
            "forbidden",
            "could not find a file system",
            "failed to create",
            "mkdirs failed",
            "read-only file system");

    /** Whether a cause says no more than that the tasks are being restarted. */
    static boolean tellsOfRestart(String cause) {
        return contains(cause, RESTARTS);
    }

    /** The cause, with the key that fixes it where that is known. */
    String text() {
        var said = thrown.filter(exception -> !exception.equals(cause))
                .map(exception -> exception + " (" + cause + ")")
                .orElse(cause);
        return advice(said)
                .map(advice -> said + (said.endsWith(".") ? " " : ". ") + advice)
                .orElse(said);
    }

    private Optional<String> advice(String said) {
        if (request.format().equals("CANONICAL") && contains(said, NOT_IN_THIS_FORMAT)) {
            return Optional.of("The job's state may not support CANONICAL savepoints."
                    + " Set kubernetes.operator.savepoint.format.type: NATIVE");
        }
        if (contains(said, TOO_LATE)) {
            return Optional.of("If the savepoint only needs longer, raise execution.checkpointing.timeout");
        }
        if (contains(said, NOT_WRITABLE)) {
            return Optional.of(
                    "Check that JobManager and TaskManagers can write to execution.checkpointing.savepoint-dir"
                            + request.directory()
                                    .map(directory -> ", which is " + directory)
                                    .orElse(""));
        }
        return Optional.empty();
    }

    private static boolean contains(String text, List<String> words) {
        var lower = text.toLowerCase(Locale.ROOT);
        return words.stream().anyMatch(lower::contains);
    }
}
