package io.drey.core.metrics;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Response codes of HTTP as values of the label {@code code}. Other than the API server, a JobManager runs code of users, which
 * may answer with any number: unusual ones share {@code other}, so that the number of time series is bounded.
 */
public final class ResponseCodes {
    private static final Set<Integer> USUAL = Set.of(
            200, 201, 202, 204, 301, 302, 307, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 502, 503, 504);

    private ResponseCodes() {}

    /**
     * The requests by label.
     *
     * @param answered requests by code
     * @param unanswered requests without a response; code {@code none}
     */
    public static SortedMap<Labels, Long> labelled(Map<Integer, Long> answered, long unanswered) {
        SortedMap<Labels, Long> sums = new TreeMap<>();
        answered.forEach((code, count) ->
                sums.merge(label(USUAL.contains(code) ? Integer.toString(code) : "other"), count, Long::sum));
        if (unanswered > 0) {
            sums.put(label("none"), unanswered);
        }
        return sums;
    }

    private static Labels label(String code) {
        return Labels.of("code", code);
    }
}
