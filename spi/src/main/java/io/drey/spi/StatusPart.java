package io.drey.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A slice of status: a plugin's only memory. Two parts never share a path.
 *
 * <p>Scope: one instance for all resources and tenants, of all kinds: a part leaves statuses of kinds that it does not know
 * as they are. Thread: any, many at once. Pure. Asked at the end of every pass; a slice that changes costs a write, so it
 * holds no time or counter that changes by itself.
 *
 * <p>Lifecycle: what it wrote stays when the plugin goes, and is read again when it comes back, by a newer version too.
 *
 * <p>Failure: a part that throws is a bug: its slice stays as it was, the rest of the status is written, and a condition names
 * the plugin.
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
