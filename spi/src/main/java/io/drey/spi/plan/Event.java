package io.drey.spi.plan;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;

/**
 * A Kubernetes event about a resource. Equal component, reason, type and key fold into one object whose count grows.
 *
 * @param type shown by {@code kubectl describe}
 * @param component {@code Operator}, {@code JobManagerDeployment}, {@code Job} or {@code Snapshot}
 * @param reason a machine readable word
 * @param message for people; no secrets
 * @param key takes the message's place in the object's name, so that changing messages fold
 * @param once whether an event that exists already is left as it is
 */
public record Event(
        Type type,
        String component,
        String reason,
        String message,
        Optional<String> key,
        boolean once,
        Map<String, String> annotations) {
    /** As in Kubernetes. */
    public enum Type {
        NORMAL("Normal"),
        WARNING("Warning");

        private final String wire;

        Type(String wire) {
            this.wire = wire;
        }

        /** As Kubernetes spells it. */
        public String wire() {
            return wire;
        }
    }

    public Event {
        requireNonNull(type, "type");
        requireNonNull(component, "component");
        requireNonNull(reason, "reason");
        requireNonNull(message, "message");
        requireNonNull(key, "key");
        annotations = Map.copyOf(annotations);
    }

    /** A Normal event. */
    public static Event normal(String component, String reason, String message) {
        return new Event(Type.NORMAL, component, reason, message, Optional.empty(), false, Map.of());
    }

    /** A Warning event. */
    public static Event warning(String component, String reason, String message) {
        return new Event(Type.WARNING, component, reason, message, Optional.empty(), false, Map.of());
    }

    /** The same with annotations. */
    public Event annotated(Map<String, String> more) {
        return new Event(type, component, reason, message, key, once, more);
    }

    /** The same, named by a key instead of its message: when it happens again it is counted up. */
    public Event foldedBy(String newKey) {
        return new Event(type, component, reason, message, Optional.of(newKey), false, annotations);
    }

    /** The same, named by a key instead of its message, and never counted up. */
    public Event onceFor(String newKey) {
        return new Event(type, component, reason, message, Optional.of(newKey), true, annotations);
    }
}
