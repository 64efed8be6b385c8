package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** {@code status.error}: a JSON document whose {@code type} names are the Apache operator's, since tools look for them. */
final class ErrorJson {
    private static final String PACKAGE = "org.apache.flink.kubernetes.operator.exception.";
    private static final int MAX_LENGTH = 2048;

    private ErrorJson() {}

    static String validation(String message) {
        return document("ValidationException", message).toString();
    }

    static String reconciliation(String code, String message) {
        var document = document("ReconciliationException", message);
        document.withObject("/additionalMetadata").put("reason", code);
        return document.toString();
    }

    static String missingJobManager(String message) {
        return document("MissingJobManagerException", message).toString();
    }

    static String deploymentFailed(String reason, String message) {
        var document = document("DeploymentFailedException", message);
        document.withObject("/additionalMetadata").put("reason", reason);
        return document.toString();
    }

    static String jobFailed(String message) {
        return document("JobFailedException", message).toString();
    }

    private static ObjectNode document(String type, String message) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("type", PACKAGE + type);
        document.put("message", message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH));
        document.set("throwableList", emptyList());
        return document;
    }

    private static JsonNode emptyList() {
        return JsonNodeFactory.instance.arrayNode();
    }
}
