package io.drey.plugin.listeners;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where notices are sent, and which.
 *
 * @param name for the log
 * @param url http or https
 * @param kinds empty for all
 * @param namespaces names, with {@code *} for any text; empty for all
 * @param types empty for all
 * @param signature key of the signature of each body
 * @param authorization value of the header Authorization
 * @param timeout for one request, to the end of its answer
 * @param queue how many notices may wait
 * @param attempts to send one notice
 * @param retryLimit longest time between two attempts
 */
record Endpoint(
        String name,
        URI url,
        Set<String> kinds,
        List<String> namespaces,
        Set<Notice.Type> types,
        Optional<SecretFile> signature,
        Optional<SecretFile> authorization,
        Duration timeout,
        int queue,
        int attempts,
        Duration retryLimit) {
    Endpoint {
        kinds = Set.copyOf(kinds);
        namespaces = List.copyOf(namespaces);
        types = Set.copyOf(types);
    }

    boolean takes(Notice notice) {
        var resource = notice.body().path("resource");
        return (types.isEmpty() || types.contains(notice.type()))
                && (kinds.isEmpty() || kinds.contains(resource.path("kind").asText()))
                && (namespaces.isEmpty()
                        || namespaces.stream()
                                .anyMatch(glob ->
                                        matches(glob, resource.path("namespace").asText())));
    }

    private static boolean matches(String glob, String namespace) {
        return namespace.matches(Pattern.quote(glob).replace("*", "\\E.*\\Q"));
    }
}
