package io.drey.plugin.listeners;

import io.drey.spi.plan.Event;

/** What of an event's message may leave the cluster: no value of a resource's spec or configuration. */
final class Discretion {
    private Discretion() {}

    /** The message without values that the user set. */
    static String message(Event event) {
        var text = event.message();
        return switch (event.reason()) {
            // KIND change(s) detected (SpecClass[field : old -> new, ...]), starting reconciliation.
            case "SpecChanged" -> text.contains("[") ? text.substring(0, text.indexOf('[')) + "...)" : text;
            // field: Found 'value', must be ...
            case "ValidationError" -> text.replaceAll("'[^']*'", "'...'");
            default -> text;
        };
    }
}
