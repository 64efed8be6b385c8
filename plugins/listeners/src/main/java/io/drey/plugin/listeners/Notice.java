package io.drey.plugin.listeners;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.Listener.ReconcileReport;
import io.drey.spi.plan.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * One thing that happened, as it is told to others.
 *
 * @param id the same whenever the same thing is told
 * @param body what is told; nothing of it is a secret or a value of the resource's configuration
 */
record Notice(String id, Type type, ObjectNode body) {
    private static final int MAX_MESSAGE = 4096;

    /** What kind of thing. */
    enum Type {
        /** The state of the resource is another one. */
        STATE,
        /** The state of its job is another one. */
        JOB_STATE,
        /** A Kubernetes event of type Normal. */
        NORMAL,
        /** A Kubernetes event of type Warning. */
        WARNING;

        /** As it stands in the configuration and in what is told. */
        String wire() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static String all() {
            return Arrays.stream(values()).map(Type::wire).collect(Collectors.joining(", "));
        }
    }

    /** All that a report tells: its events in order, then changes of state. */
    static List<Notice> of(ReconcileReport report) {
        var collected = new Collector(report);
        report.events().forEach(collected::event);
        var kind = report.resource().kind();
        collected.change(Type.JOB_STATE, States.ofJob(report.statusBefore()), States.ofJob(report.statusAfter()), "");
        var state = States.of(kind, report.statusAfter());
        collected.change(
                Type.STATE,
                States.of(kind, report.statusBefore()),
                state,
                States.described(state, report.statusAfter()));
        return collected.notices;
    }

    private static final class Collector {
        private final ReconcileReport report;
        private final List<Notice> notices = new ArrayList<>();

        Collector(ReconcileReport report) {
            this.report = report;
        }

        void event(Event event) {
            var type = event.type() == Event.Type.NORMAL ? Type.NORMAL : Type.WARNING;
            add(type)
                    .put("reason", event.reason())
                    .put("component", event.component())
                    .put("message", shortened(Discretion.message(event)));
        }

        void change(Type type, String before, String after, String message) {
            if (after.isEmpty() || after.equals(before)) {
                return;
            }
            var body = add(type);
            if (!before.isEmpty()) {
                body.put("from", before);
            }
            body.put("to", after);
            if (!message.isEmpty()) {
                body.put("message", shortened(message));
            }
        }

        private ObjectNode add(Type type) {
            var name = report.uid() + '/' + report.at() + '/' + notices.size();
            var id = UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString();
            var body = JsonNodeFactory.instance.objectNode();
            body.put("id", id).put("type", type.wire()).put("time", report.at().toString());
            body.putObject("resource")
                    .put("kind", report.resource().kind())
                    .put("namespace", report.resource().namespace())
                    .put("name", report.resource().name())
                    .put("uid", report.uid())
                    .put("generation", report.generation());
            notices.add(new Notice(id, type, body));
            return body;
        }

        private static String shortened(String text) {
            return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "...";
        }
    }
}
