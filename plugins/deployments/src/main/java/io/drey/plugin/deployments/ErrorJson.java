package io.drey.plugin.deployments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.config.ErrorFormat;
import io.drey.spi.operation.Operation.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ErrorFormat format;

    ErrorJson(ErrorFormat format) {
        this.format = format;
    }

    String validation(String message) {
        return of(VALIDATION, message, metadata()).toString();
    }

    /** Why an operation was not started, or does not get on. */
    String problem(Failure problem) {
        var metadata = metadata();
        problem.httpResponseCode().ifPresent(code -> metadata.put("httpResponseCode", code));
        metadata.put("reason", problem.code());
        return of(isReason(problem.code()) ? UPGRADE_FAILURE : RECONCILIATION, problem.message(), metadata)
                .toString();
    }

    /** Whether the contract has this code as the reason of an event. */
    static boolean isReason(String code) {
        return UPGRADE_FAILURES.contains(code);
    }

    String missingJobManager(String message) {
        return of(MISSING_JOB_MANAGER, message, metadata()).toString();
    }

    String deploymentFailed(String reason, String message) {
        return of(DEPLOYMENT_FAILED, message, metadata().put("reason", reason)).toString();
    }

    /** @param stackTrace as Flink tells it */
    String jobFailed(String stackTrace) {
        var document = of(Thrown.chain(stackTrace), metadata());
        if (format.stackTrace()) {
            document.put("stackTrace", cut(stackTrace, format.stackTraceLength()));
        }
        return document.toString();
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

    /** The reason that Kubernetes gives for a JobManager that does not start. */
    static Optional<String> reason(String error) {
        return Optional.of(read(error).path("additionalMetadata").path("reason").asText())
                .filter(reason -> !reason.isEmpty());
    }

    /** What an error says, for people: of a chain of causes what each of them says. */
    static String message(String error) {
        var document = read(error);
        List<String> messages = new ArrayList<>();
        messages.add(document.path("message").asText(error));
        document.path("throwableList")
                .forEach(cause -> messages.add(cause.path("message").asText()));
        return String.join(" -> ", messages);
    }

    private static ObjectNode read(String error) {
        try {
            return JSON.readTree(error) instanceof ObjectNode document ? document : JSON.createObjectNode();
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }

    private static ObjectNode metadata() {
        return JsonNodeFactory.instance.objectNode();
    }

    private ObjectNode of(String type, String message, ObjectNode metadata) {
        return of(List.of(new Thrown(type, message)), metadata);
    }

    private ObjectNode of(List<Thrown> chain, ObjectNode metadata) {
        var document = thrown(chain.getFirst());
        new LabelMapper(format.labels())
                .labelsOf(chain.stream().map(Thrown::message).toList())
                .forEach(metadata.withArray("labels")::add);
        if (metadata.path("labels").isEmpty()) {
            metadata.remove("labels");
        }
        if (!metadata.isEmpty()) {
            document.set("additionalMetadata", metadata);
        }
        var causes = document.putArray("throwableList");
        chain.stream().skip(1).limit(format.throwables()).map(this::thrown).forEach(causes::add);
        return document;
    }

    private ObjectNode thrown(Thrown thrown) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", cut(thrown.type(), format.fieldLength()))
                .put("message", cut(thrown.message(), format.fieldLength()));
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }
}
