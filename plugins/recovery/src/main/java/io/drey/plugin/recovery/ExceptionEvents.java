package io.drey.plugin.recovery;

import io.drey.plugin.recovery.JobExceptions.Thrown;
import io.drey.spi.Proposer;
import io.drey.spi.Situation;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.config.Redaction;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.FlinkDeployment;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Emits the newest exceptions of a job as events: of each the first lines, without secrets. */
final class ExceptionEvents implements Proposer {
    private static final ConfigKey<Integer> LIMIT = OperatorKeys.EXCEPTION_LIMIT;
    private static final int LONGEST_VALUE = 256;

    private final ExceptionsPart told;

    @Inject
    ExceptionEvents(ExceptionsPart told) {
        this.told = told;
    }

    @Override
    public Set<String> kinds() {
        return Set.of(FlinkDeployment.TYPE.kind());
    }

    @Override
    public Tier tier() {
        return Tier.CHORE;
    }

    @Override
    public Proposal propose(Situation situation) {
        int limit = situation.config().orFallback(LIMIT);
        if (limit <= 0) {
            return Proposal.Idle.NOW;
        }
        List<Event> events = new ArrayList<>();
        told.untoldProblem(situation).map(ExceptionEvents::missing).ifPresent(events::add);
        told.untold(situation).stream().limit(limit).map(ExceptionEvents::event).forEach(events::add);
        return events.isEmpty() ? Proposal.Idle.NOW : new Proposal.Tell(events.reversed());
    }

    private static Event missing(String problem) {
        return Event.warning("Job", "JobExceptionsIncomplete", "Not all exceptions of the job are shown: " + problem)
                .foldedBy("jobmanager-exceptions-incomplete");
    }

    private static Event event(Thrown thrown) {
        var message = Redaction.text(thrown.stackTrace().strip());
        return Event.warning("Job", "JobException", message)
                .foldedBy("jobmanager-exception-" + Integer.toHexString(message.hashCode()))
                .annotated(annotations(thrown));
    }

    private static Map<String, String> annotations(Thrown thrown) {
        Map<String, String> annotations = new TreeMap<>();
        annotations.put("exception-timestamp", thrown.at().toString());
        thrown.task().ifPresent(name -> annotations.put("task-name", clean(name)));
        thrown.endpoint().ifPresent(endpoint -> annotations.put("endpoint", clean(endpoint)));
        thrown.taskManager().ifPresent(id -> annotations.put("tm-id", clean(id)));
        thrown.labels().forEach((key, value) -> {
            var name = "failure-label-" + key;
            if (name.matches("[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")) {
                annotations.put(name, clean(value));
            }
        });
        return annotations;
    }

    /** As Kubernetes takes it. */
    private static String clean(String value) {
        return cut(value.replaceAll("[\\r\\n\\t]", " ").replaceAll("\\p{Cntrl}", ""), LONGEST_VALUE);
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }
}
