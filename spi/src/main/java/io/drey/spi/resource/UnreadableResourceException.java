package io.drey.spi.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A resource, or a text recorded in its status, does not have the form that the contract gives it. The message names the
 * field, what was found and what it must be; it holds no more of the resource than that.
 */
public final class UnreadableResourceException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String field;

    UnreadableResourceException(String subject, String field, String problem, @Nullable Throwable cause) {
        super(subject + ": " + (field.isEmpty() ? "" : field + ": ") + problem, cause);
        this.field = field;
    }

    static UnreadableResourceException of(String subject, String root, JsonNode node, JsonProcessingException e) {
        if (!(e instanceof JsonMappingException mapping)) {
            return new UnreadableResourceException(subject, root, e.getOriginalMessage(), e);
        }
        var path = new StringBuilder(root);
        var found = node;
        for (var step : mapping.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
                found = found.path(step.getIndex());
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
                found = found.path(step.getFieldName());
            }
        }
        return new UnreadableResourceException(subject, path.toString(), problem(mapping, found), e);
    }

    private static String problem(JsonMappingException e, JsonNode found) {
        if (e instanceof ValueInstantiationException && e.getCause() instanceof IllegalArgumentException cause) {
            return String.valueOf(cause.getMessage());
        }
        if (e instanceof MismatchedInputException mismatch) {
            return "found " + describe(found) + ", must be " + describe(mismatch.getTargetType());
        }
        return e.getOriginalMessage();
    }

    private static String describe(JsonNode found) {
        if (!found.isValueNode()) {
            return found.isArray() ? "a list" : "an object";
        }
        var text = found.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }

    private static String describe(@Nullable Class<?> type) {
        if (type == null) {
            return "of another type";
        } else if (type == String.class || WireValue.class.isAssignableFrom(type)) {
            return "text";
        } else if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        } else if (type == Double.class) {
            return "a number";
        } else if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return "a whole number";
        } else if (Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        return type == Instant.class ? "a time such as 2026-11-01T10:00:00Z" : "an object";
    }

    /** Path of the field, for example {@code spec.job.parallelism}; empty if it is the whole. */
    public String field() {
        return field;
    }
}
