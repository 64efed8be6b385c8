package io.drey.core.flink;

import java.util.Map;

/**
 * The traffic to JobManagers.
 *
 * @param requests answered since the start, by HTTP status
 * @param unanswered requests since the start that were refused, cut off or not answered in time
 * @param underWay reads and effects under way
 * @param bytes of answers that are being received
 * @param late polls since the start that began more than a second after they were due
 * @param lookups of addresses since the start
 */
public record Counts(Map<Integer, Long> requests, long unanswered, int underWay, long bytes, long late, long lookups) {
    public Counts {
        requests = Map.copyOf(requests);
    }
}
