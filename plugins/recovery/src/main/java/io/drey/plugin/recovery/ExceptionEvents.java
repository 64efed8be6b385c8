package io.drey.plugin.recovery;

import io.drey.plugin.recovery.JobExceptions.Thrown;
import io.drey.spi.Proposer;
import io.drey.spi.Situation;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.FlinkDeployment;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Tells what the tasks of a job have thrown, as events: the newest ones, and of each what is said first. */
final class ExceptionEvents implements Proposer {
    private static final ConfigKey<Integer> LIMIT =
            ConfigKey.integer("kubernetes.operator.events.exceptions.limit-per-reconciliation", 10);
    private static final ConfigKey<Integer> LINES =
            ConfigKey.integer("kubernetes.operator.events.exceptions.stacktrace-lines", 5);
    private static final int LONGEST_LINE = 500;
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
        int lines = Math.max(1, situation.config().orFallback(LINES));
        var events = told.untold(situation).stream()
                .limit(Math.max(0, situation.config().orFallback(LIMIT)))
                .map(thrown -> event(thrown, lines))
                .toList();
        return events.isEmpty() ? Proposal.Idle.NOW : new Proposal.Tell(events.reversed());
    }

    private static Event event(Thrown thrown, int lines) {
        var message = message(thrown.stackTrace(), lines);
        return Event.warning("Job", "JobException", message)
                .foldedBy("jobmanager-exception-" + Integer.toHexString(message.hashCode()))
                .annotated(annotations(thrown));
    }

    private static String message(String stackTrace, int lines) {
        var all = stackTrace.lines().filter(line -> !line.isBlank()).toList();
        var text = new StringBuilder();
        all.stream()
                .limit(lines)
                .forEach(line -> text.append(cut(line, LONGEST_LINE)).append('\n'));
        return all.size() > lines
                ? text.append("(")
                        .append(all.size() - lines)
                        .append(" more lines)")
                        .toString()
                : text.toString().strip();
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
