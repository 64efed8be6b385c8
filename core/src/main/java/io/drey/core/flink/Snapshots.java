package io.drey.core.flink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.flink.FlinkCalls.NoAnswer;
import io.drey.core.flink.FlinkRest.Answer;
import io.drey.spi.fact.FlinkJobs.Tasks;
import io.drey.spi.fact.Projection;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.Operation;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.Outcome;
import io.drey.spi.plan.Outcome.Done;
import io.drey.spi.plan.Outcome.Pending;
import io.drey.spi.plan.Step.SavepointRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Savepoints and checkpoints, under trigger ids that the caller chose: each call first looks after an earlier one of the
 * same id. Flink keeps such an id for five minutes, in the memory of the leading JobManager, and answers one that failed
 * with its old failure.
 */
final class Snapshots {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int MANY = 1000;

    /** Flink's REST API reports states and exceptions of jobs that are up to {@code web.refresh-interval} old, 3 s. */
    private static final Duration UNTIL_REPORTED = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    private static final int LONGEST_LINE = 1 << 14;
    private static final Projection JOB =
            Projection.of("/state", "/vertices/*/tasks").texts(1, LONGEST_LINE).upTo(FlinkRest.MAX_ANSWER);

    /** Without the exception in Java's serialization, which is the largest part. */
    private static final Projection RESULT = Projection.of(
                    "/status/id",
                    "/operation/location",
                    "/operation/checkpointId",
                    "/operation/failure-cause/class",
                    "/operation/failure-cause/stack-trace",
                    "/operation/failureCause/class",
                    "/operation/failureCause/stack-trace")
            .texts(Integer.MAX_VALUE, LONGEST_LINE)
            .upTo(FlinkRest.MAX_ANSWER);

    private static final Projection EXCEPTIONS = Projection.of(
                    "/root-exception",
                    "/timestamp",
                    "/exceptionHistory/entries/*/timestamp",
                    "/exceptionHistory/entries/*/exceptionName",
                    "/exceptionHistory/entries/*/stacktrace")
            .texts(Integer.MAX_VALUE, LONGEST_LINE)
            .upTo(FlinkRest.MAX_ANSWER);

    /** Flink lists the latest ones before the history, and the history with the newest one first. */
    private static final Projection CHECKPOINTS = Projection.of(
                    "/latest/completed/id",
                    "/latest/savepoint/id",
                    "/latest/savepoint/external_path",
                    "/latest/savepoint/checkpoint_type",
                    "/latest/savepoint/latest_ack_timestamp",
                    "/history/*/is_savepoint",
                    "/history/*/status",
                    "/history/*/trigger_timestamp")
            .texts(1, LONGEST_LINE)
            .upTo(FlinkRest.MAX_ANSWER);

    private static final Projection CHECKPOINT = Projection.of("/external_path").texts(1, LONGEST_LINE);

    /** How Flink says that the savepoint is good although the job did not end. */
    private static final Pattern SAVED_BUT_FAILED = Pattern.compile("savepoint has been created at: ([^\\s,\\\\\"]+)");

    private final FlinkCalls calls;
    // Flink takes no caller's id for a disposal. Losing one only means to dispose again.
    private final Map<EffectId, String> disposals = new ConcurrentHashMap<>();
    // When failures without a root cause were first seen. Losing one only means to wait again.
    private final Map<EffectId, Instant> unexplained = new ConcurrentHashMap<>();
    private final Clock clock;

    Snapshots(FlinkCalls calls, Clock clock) {
        this.calls = calls;
        this.clock = clock;
    }

    Outcome stop(FlinkRef flink, String jobId, EffectId trigger, SavepointRequest request) throws NoAnswer {
        var what = "stopping job " + jobId;
        var earlier = calls.get(flink, "/jobs/" + jobId + "/savepoints/" + trigger.hex(), RESULT);
        if (earlier.ok()) {
            return stopped(flink, jobId, trigger, earlier.body(), request);
        }
        if (earlier.code() != 404) {
            return notTold(earlier, "SavepointError", what);
        }
        var job = calls.get(flink, "/jobs/" + jobId, JOB);
        var state = job.body().path("state").asText();
        return switch (state) {
            case "RUNNING" -> {
                var tasks = tasks(job.body());
                if (!tasks.settled()) {
                    yield FlinkCalls.failed("JobNotReady", "all tasks of job " + jobId + " run: " + tasks);
                }
                var body = body(trigger, request, "targetDirectory").put("drain", request.drain());
                var answer = calls.send("POST", flink, "/jobs/" + jobId + "/stop", body);
                yield answer.ok() ? new Pending(what, POLL) : refused(answer, what);
            }
            case "FINISHED" -> stoppedEarlier(flink, jobId);
            case "" ->
                FlinkCalls.unknownJob(job)
                        ? FlinkCalls.failed(
                                "JobNotFound", "job " + jobId + " cannot be stopped with a savepoint: " + job.error())
                        : new Pending(what + ", the JobManager does not serve yet", POLL);
            default ->
                FlinkCalls.failed(
                        "SavepointError", "job " + jobId + " cannot be stopped with a savepoint: it is " + state);
        };
    }

    /** A gateway's word, or one of a JobManager that is not the leader yet, is no answer to the question. */
    private static Outcome refused(Answer answer, String what) {
        return switch (answer.code()) {
            case 502, 503, 504 -> new Pending(what + ", the JobManager does not serve yet", POLL);
            default -> FlinkCalls.refused("SavepointError", what, answer);
        };
    }

    /** A JobManager without a leader answers 500 to a question that it would pass on to it. Asking again does no harm. */
    private static Outcome notTold(Answer answer, String code, String what) {
        return answer.code() >= 500
                ? new Pending(what + ", of which the JobManager does not tell: " + answer.error(), POLL)
                : FlinkCalls.refused(code, what, answer);
    }

    /** Of all vertices; none where Flink does not tell. */
    private static Tasks tasks(JsonNode job) {
        ObjectNode sums = JsonNodeFactory.instance.objectNode();
        for (var vertex : job.path("vertices")) {
            vertex.path("tasks").properties().forEach(count -> {
                var state = count.getKey().toLowerCase(Locale.ROOT);
                sums.put(state, sums.path(state).asInt() + count.getValue().asInt());
            });
        }
        return JobsReader.tasks(sums).orElseThrow();
    }

    private Outcome stopped(FlinkRef flink, String jobId, EffectId trigger, JsonNode body, SavepointRequest request)
            throws NoAnswer {
        var outcome = savepoint(body, "stopping job " + jobId);
        if (outcome instanceof Pending) {
            return outcome;
        }
        var path = body.path("operation").path("location").asText();
        if (outcome instanceof Done) {
            return new Done(saved(path, checkpoints(flink, jobId)));
        }
        var saved = SAVED_BUT_FAILED.matcher(
                body.path("operation").path("failure-cause").toString());
        return saved.find()
                ? savedAndGoesOn(jobId, saved.group(1), checkpoints(flink, jobId))
                : stopFailed(flink, jobId, trigger, cause(body, "failure-cause"), request);
    }

    /** The savepoint counts as long as it is the newest state, since the job goes on. */
    private static Outcome savedAndGoesOn(String jobId, String path, JsonNode latest) {
        if (!latest.path("savepoint").has("id")) {
            return new Pending("the checkpoints of job " + jobId + ", which went on after savepoint " + path, POLL);
        }
        var savepoint = latest.path("savepoint").path("external_path").asText();
        boolean another = !name(savepoint).equals(name(path));
        if (!another && savepointIsNewest(latest)) {
            return new Done(saved(path, latest));
        }
        return FlinkCalls.failed(
                "SavepointError",
                "job " + jobId + " went on after the savepoint of its stop, " + path + ", and has newer state by now: "
                        + (another ? "savepoint " + savepoint : "checkpoint " + lastCheckpoint(latest))
                        + ". If that happens each time, set spec.job.upgradeMode to last-state");
    }

    /** Whether no checkpoint was completed after the last savepoint. */
    private static boolean savepointIsNewest(JsonNode latest) {
        return lastCheckpoint(latest) <= latest.path("savepoint").path("id").asLong();
    }

    private static long lastCheckpoint(JsonNode latest) {
        return latest.path("completed").path("id").asLong(-1);
    }

    /** Of the directory. The same place is spelled in several ways. */
    private static String name(String path) {
        var directory = path.replaceFirst("/+$", "");
        return directory.substring(directory.lastIndexOf('/') + 1);
    }

    /** After such a failure Flink mostly restarts the tasks, and reports what they threw some seconds later. */
    private Outcome stopFailed(FlinkRef flink, String jobId, EffectId trigger, String cause, SavepointRequest request)
            throws NoAnswer {
        var state = calls.get(flink, "/jobs/" + jobId, JOB).body().path("state").asText();
        var thrown = thrown(flink, jobId, cause);
        boolean unreported = thrown.isEmpty() && SavepointFailure.tellsOfRestart(cause) && !waitedFor(trigger);
        if (unreported || state.equals("FAILING") || state.equals("RESTARTING")) {
            return new Pending("job " + jobId + " is back after a savepoint that failed: " + cause, POLL);
        }
        unexplained.remove(trigger);
        var failure = new SavepointFailure(cause, thrown, request);
        return FlinkCalls.failed("SavepointError", "stopping job " + jobId + ": " + failure.text());
    }

    private boolean waitedFor(EffectId trigger) {
        if (unexplained.size() >= MANY) {
            unexplained.clear();
        }
        var now = clock.instant();
        var since = unexplained.putIfAbsent(trigger, now);
        return since != null && !now.isBefore(since.plus(UNTIL_REPORTED));
    }

    /**
     * The exception of the tasks that made the savepoint fail. Empty if the JobManager does not return it: the failure is
     * concluded without.
     */
    private Optional<String> thrown(FlinkRef flink, String jobId, String cause) {
        try {
            return reported(flink, jobId, cause);
        } catch (NoAnswer e) {
            LOG.debug("{} does not return the exceptions of job {}: {}", flink, jobId, e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<String> reported(FlinkRef flink, String jobId, String cause) throws NoAnswer {
        var triggered = lastFailedSavepoint(
                calls.get(flink, "/jobs/" + jobId + "/checkpoints", CHECKPOINTS).body());
        var exceptions = calls.get(flink, "/jobs/" + jobId + "/exceptions?maxExceptions=5", EXCEPTIONS);
        var newest = newest(exceptions.body());
        boolean ofNow = triggered > 0
                ? newest.path("timestamp").asLong() >= triggered
                : SavepointFailure.tellsOfRestart(cause) && !newest.isEmpty();
        return ofNow
                ? Optional.of(RootCause.of(
                        newest.path("stacktrace").asText(""),
                        newest.path("exceptionName").asText("")))
                : Optional.empty();
    }

    /** Up to Flink 1.20 it is at the top too, before anything that can be so large that the history is cut off. */
    private static JsonNode newest(JsonNode exceptions) {
        JsonNode newest = JsonNodeFactory.instance.objectNode();
        if (exceptions.path("root-exception").isTextual()) {
            newest = JsonNodeFactory.instance
                    .objectNode()
                    .put("stacktrace", exceptions.path("root-exception").asText())
                    .put("timestamp", exceptions.path("timestamp").asLong());
        }
        for (var entry : exceptions.path("exceptionHistory").path("entries")) {
            newest = entry.path("timestamp").asLong() > newest.path("timestamp").asLong() ? entry : newest;
        }
        return newest;
    }

    /** When it was triggered, by the cluster's clock; 0 when there is none. */
    private static long lastFailedSavepoint(JsonNode checkpoints) {
        long triggered = 0;
        for (var checkpoint : checkpoints.path("history")) {
            if (checkpoint.path("is_savepoint").asBoolean()
                    && checkpoint.path("status").asText().equals("FAILED")) {
                triggered =
                        Math.max(triggered, checkpoint.path("trigger_timestamp").asLong());
            }
        }
        return triggered;
    }

    /** The newest snapshots of a job; empty when the JobManager does not return them. */
    private JsonNode checkpoints(FlinkRef flink, String jobId) {
        try {
            return calls.get(flink, "/jobs/" + jobId + "/checkpoints", CHECKPOINTS)
                    .body()
                    .path("latest");
        } catch (NoAnswer e) {
            LOG.debug("{} does not return the checkpoints of job {}: {}", flink, jobId, e.getMessage());
            return MissingNode.getInstance();
        }
    }

    /** The path, and what else Flink knows of it. */
    private static Map<String, String> saved(String path, JsonNode latest) {
        Map<String, String> proof = new TreeMap<>();
        proof.put(Operation.SAVEPOINT, path);
        var savepoint = latest.path("savepoint");
        if (savepoint.path("external_path").asText().equals(path)) {
            proof.putAll(details(savepoint));
        }
        return proof;
    }

    private static Map<String, String> details(JsonNode savepoint) {
        Map<String, String> details = new TreeMap<>();
        if (savepoint.path("id").isNumber()) {
            details.put(Operation.CHECKPOINT_ID, savepoint.path("id").asText());
        }
        if (savepoint.path("latest_ack_timestamp").asLong() > 0) {
            details.put(
                    Operation.SAVED_AT,
                    Instant.ofEpochMilli(savepoint.path("latest_ack_timestamp").asLong())
                            .toString());
        }
        return details;
    }

    /** The trigger is forgotten, but the job has ended: by its last savepoint, if that was one that stops. */
    private Outcome stoppedEarlier(FlinkRef flink, String jobId) throws NoAnswer {
        var latest = calls.get(flink, "/jobs/" + jobId + "/checkpoints", CHECKPOINTS)
                .body()
                .path("latest");
        var last = latest.path("savepoint");
        var path = last.path("external_path").asText();
        // A job that failed after such a savepoint runs on, and may have ended by itself since.
        if (last.path("checkpoint_type").asText().equals("SYNC_SAVEPOINT")
                && savepointIsNewest(latest)
                && !path.isBlank()) {
            var proof = details(last);
            proof.put(Operation.SAVEPOINT, path);
            return new Done(proof);
        }
        return FlinkCalls.failed(
                "SavepointError", "job " + jobId + " finished, and not by a savepoint that this JobManager knows of");
    }

    Outcome trigger(FlinkRef flink, String jobId, EffectId trigger, Optional<SavepointRequest> savepoint)
            throws NoAnswer {
        var collection = "/jobs/" + jobId + (savepoint.isPresent() ? "/savepoints" : "/checkpoints");
        var what = (savepoint.isPresent() ? "savepoint" : "checkpoint") + " of job " + jobId;
        var code = savepoint.isPresent() ? "SavepointError" : "CheckpointError";
        var earlier = calls.get(flink, collection + "/" + trigger.hex(), RESULT);
        if (earlier.ok()) {
            return savepoint.isPresent() ? savepoint(earlier.body(), what) : checkpoint(flink, jobId, earlier.body());
        }
        if (earlier.code() != 404) {
            return notTold(earlier, code, what);
        }
        var body = savepoint
                .map(request -> body(trigger, request, "target-directory").put("cancel-job", false))
                .orElseGet(() -> JsonNodeFactory.instance
                        .objectNode()
                        .put("checkpointType", "CONFIGURED")
                        .put("triggerId", trigger.hex()));
        var answer = calls.send("POST", flink, collection, body);
        return answer.ok() ? new Pending(what, POLL) : FlinkCalls.refused(code, what, answer);
    }

    private static ObjectNode body(EffectId trigger, SavepointRequest request, String directoryField) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("formatType", request.format()).put("triggerId", trigger.hex());
        request.directory().ifPresent(directory -> body.put(directoryField, directory));
        return body;
    }

    private static Outcome savepoint(JsonNode body, String what) {
        if (!completed(body)) {
            return new Pending(what, POLL);
        }
        var path = body.path("operation").path("location").asText();
        return path.isBlank()
                ? FlinkCalls.failed("SavepointError", what + ": " + cause(body, "failure-cause"))
                : new Done(Map.of(Operation.SAVEPOINT, path));
    }

    private Outcome checkpoint(FlinkRef flink, String jobId, JsonNode body) throws NoAnswer {
        if (!completed(body)) {
            return new Pending("checkpoint of job " + jobId, POLL);
        }
        var id = body.path("operation").path("checkpointId");
        if (!id.isNumber()) {
            return FlinkCalls.failed(
                    "CheckpointError", "checkpoint of job " + jobId + ": " + cause(body, "failureCause"));
        }
        var details = calls.get(flink, "/jobs/" + jobId + "/checkpoints/details/" + id.asLong(), CHECKPOINT);
        var path = details.body().path("external_path").asText();
        return path.isBlank()
                ? FlinkCalls.failed(
                        "CheckpointError",
                        "checkpoint " + id.asLong() + " of job " + jobId + " is done, its path is not known")
                : new Done(Map.of("checkpoint", path));
    }

    Outcome dispose(FlinkRef flink, String path, EffectId trigger) throws NoAnswer {
        var earlier = disposals.get(trigger);
        if (earlier != null) {
            var answer = calls.get(flink, "/savepoint-disposal/" + earlier, RESULT);
            if (answer.ok()) {
                return disposal(answer.body(), path, trigger);
            }
            disposals.remove(trigger);
        }
        var body = JsonNodeFactory.instance.objectNode().put("savepoint-path", path);
        var answer = calls.send("POST", flink, "/savepoint-disposal", body);
        if (!answer.ok()) {
            return FlinkCalls.refused("CleanupFailed", "disposing of " + path, answer);
        }
        if (disposals.size() >= MANY) {
            disposals.clear();
        }
        disposals.put(trigger, answer.body().path("request-id").asText());
        return new Pending("disposing of " + path, POLL);
    }

    private Outcome disposal(JsonNode body, String path, EffectId trigger) {
        if (!completed(body)) {
            return new Pending("disposing of " + path, POLL);
        }
        disposals.remove(trigger);
        if (!body.path("operation").path("failure-cause").isObject()) {
            return Done.PLAIN;
        }
        var stack =
                body.path("operation").path("failure-cause").path("stack-trace").asText();
        return stack.contains("FileNotFoundException") || stack.contains("NoSuchFileException")
                ? Done.PLAIN
                : FlinkCalls.failed("CleanupFailed", "disposing of " + path + ": " + cause(body, "failure-cause"));
    }

    private static boolean completed(JsonNode body) {
        return body.path("status").path("id").asText().equals("COMPLETED");
    }

    private static String cause(JsonNode body, String field) {
        var failure = body.path("operation").path(field);
        return RootCause.of(
                failure.path("stack-trace").asText(""), failure.path("class").asText("no reason given"));
    }
}
