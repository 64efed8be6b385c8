package io.drey.plugin.deployments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code status.error}: a JSON document whose {@code type} names are the Apache operator's, since tools look for them. */
final class ErrorJson {
    /** Of a job that Flink does not list; the one error that is no JSON. */
    static final String JOB_NOT_FOUND = "Job Not Found";

    private static final String PACKAGE = "org.apache.flink.kubernetes.operator.exception.";
    private static final String VALIDATION = PACKAGE + "ValidationException";
    private static final String RECONCILIATION = PACKAGE + "ReconciliationException";
    private static final String UPGRADE_FAILURE = PACKAGE + "UpgradeFailureException";
    private static final String MISSING_JOB_MANAGER = PACKAGE + "MissingJobManagerException";
    private static final String DEPLOYMENT_FAILED = PACKAGE + "DeploymentFailedException";
    private static final Set<String> UPGRADE_FAILURES =
            Set.of("UpgradeFailed", "RestoreFailed", "CheckpointNotFound", "SavepointError", "CleanupFailed");
    private static final String JOB_FAILED = "org.apache.flink.runtime.client.JobExecutionException";
    private static final Pattern EXCEPTION = Pattern.compile("^([a-z]\\w*\\.[\\w.$]+)(?:: ([\\s\\S]*))?$");
    private static final int MAX_LENGTH = 2048;
    private static final ObjectMapper JSON = new ObjectMapper();

    private ErrorJson() {}

    static String validation(String message) {
        return document(VALIDATION, message).toString();
    }

    /** Why an operation was not started, or does not get on. */
    static String problem(String code, String message) {
        return withReason(document(isReason(code) ? UPGRADE_FAILURE : RECONCILIATION, message), code);
    }

    /** Whether the contract has this code as the reason of an event. */
    static boolean isReason(String code) {
        return UPGRADE_FAILURES.contains(code);
    }

    static String missingJobManager(String message) {
        return document(MISSING_JOB_MANAGER, message).toString();
    }

    static String deploymentFailed(String reason, String message) {
        return withReason(document(DEPLOYMENT_FAILED, message), reason);
    }

    /** @param cause as Flink tells it, with the class of the exception in front */
    static String jobFailed(String cause) {
        var parts = EXCEPTION.matcher(cause.lines().findFirst().orElse(""));
        return parts.matches() && parts.group(2) != null
                ? document(parts.group(1), cause.substring(parts.group(1).length() + 2))
                        .toString()
                : document(JOB_FAILED, cause).toString();
    }

    /** Whether this error is gone as soon as nothing is refused any more. */
    static boolean isRefusal(String error) {
        var type = read(error).path("type").asText();
        return type.equals(VALIDATION) || type.equals(RECONCILIATION);
    }

    /** Whether this error lasts as long as the JobManager is missing. */
    static boolean isMissingJobManager(String error) {
        return read(error).path("type").asText().equals(MISSING_JOB_MANAGER);
    }

    /** What an error says, for people. */
    static String message(String error) {
        return read(error).path("message").asText(error);
    }

    private static ObjectNode read(String error) {
        try {
            return JSON.readTree(error) instanceof ObjectNode document ? document : JSON.createObjectNode();
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }

    private static String withReason(ObjectNode document, String reason) {
        document.withObject("/additionalMetadata").put("reason", reason);
        return document.toString();
    }

    private static ObjectNode document(String type, String message) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("type", type);
        document.put("message", message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH));
        document.putArray("throwableList");
        return document;
    }
}
