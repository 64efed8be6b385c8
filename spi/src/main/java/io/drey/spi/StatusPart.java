package io.drey.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A slice of status: a plugin's only memory. Pure. Two parts never share a path.
 *
 * @param <P> the slice as a value
 */
public interface StatusPart<P> {
    /** The paths that it owns, as JSON pointers below {@code status}. */
    List<String> paths();

    /** The slice of this status. */
    P read(JsonNode status);

    /** The slice after this pass. */
    P reduce(P part, ResourceKind.Turn turn);

    /** Writes the slice into a status that is being built; touches its own paths only. */
    void write(P part, ObjectNode status);
}
