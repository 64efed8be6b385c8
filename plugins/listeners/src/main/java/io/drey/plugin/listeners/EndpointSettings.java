package io.drey.plugin.listeners;

import io.drey.spi.plugin.Section;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** How an {@link Endpoint} is written in the configuration. */
final class EndpointSettings {
    private static final Set<String> FLINK_KINDS =
            Set.of("FlinkDeployment", "FlinkSessionJob", "FlinkStateSnapshot", "FlinkBlueGreenDeployment");
    private static final Set<String> THIS_POD = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Duration MAX = Duration.ofHours(1);

    private EndpointSettings() {}

    /** Empty when it has no URL that can be used, which is noted as a problem then. */
    static Optional<Endpoint> read(Section settings) {
        var url = settings.text("url").flatMap(text -> url(settings, text));
        if (url.isEmpty() && !settings.has("url")) {
            settings.problem("url", "it is missing: set it to where events are sent, such as https://example.com/drey");
        }
        var authorization = secret(settings, "authorizationFile");
        if (authorization.isPresent()
                && url.filter(EndpointSettings::readableOnTheWay).isPresent()) {
            settings.problem("authorizationFile", "it would be sent in clear text: let url begin with https");
        }
        var name = settings.text("name");
        var kinds = kinds(settings);
        var namespaces = settings.texts("namespaces");
        var types = types(settings);
        var signature = secret(settings, "signatureSecretFile");
        var timeout = settings.duration("timeout", Duration.ofSeconds(10), MAX);
        int queue = settings.integer("queue", 1000, 100_000);
        int attempts = settings.integer("attempts", 10, 100);
        var retryLimit = settings.duration("retryLimit", Duration.ofMinutes(1), MAX);
        settings.refuseOthers();
        return url.map(uri -> new Endpoint(
                name.orElse(uri.getHost()),
                uri,
                kinds,
                namespaces,
                types,
                signature,
                authorization,
                timeout,
                queue,
                attempts,
                retryLimit));
    }

    private static Optional<URI> url(Section settings, String text) {
        try {
            var uri = new URI(text);
            var scheme = String.valueOf(uri.getScheme());
            if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https") || uri.getHost() == null) {
                settings.problem("url", "must be a URL with a host, such as https://example.com/drey");
            } else if (uri.getUserInfo() != null) {
                settings.problem("url", "has a user name or password in it: put them into a file, authorizationFile");
            } else {
                return Optional.of(uri);
            }
        } catch (URISyntaxException e) {
            settings.problem("url", "is no URL (" + e.getReason() + "): write it like https://example.com/drey");
        }
        return Optional.empty();
    }

    private static boolean readableOnTheWay(URI url) {
        return url.getScheme().equalsIgnoreCase("http") && !THIS_POD.contains(url.getHost());
    }

    private static Set<String> kinds(Section settings) {
        var kinds = settings.texts("kinds");
        kinds.stream()
                .filter(kind -> kind.startsWith("Flink") ? !FLINK_KINDS.contains(kind) : !kind.matches("[A-Z]\\w*"))
                .forEach(kind -> settings.problem(
                        "kinds", "found '" + kind + "', must be kinds of resources, such as FlinkDeployment"));
        return new HashSet<>(kinds);
    }

    private static Set<Notice.Type> types(Section settings) {
        var types = new HashSet<Notice.Type>();
        for (var text : settings.texts("events")) {
            var type = Arrays.stream(Notice.Type.values())
                    .filter(candidate -> candidate.wire().equals(text))
                    .findFirst();
            type.ifPresentOrElse(
                    types::add,
                    () -> settings.problem("events", "found '" + text + "', must be of " + Notice.Type.all()));
        }
        return types;
    }

    /** Looked at now, so that a secret that is not mounted is told at the start. */
    private static Optional<SecretFile> secret(Section settings, String field) {
        return settings.text(field).flatMap(text -> {
            try {
                var file = new SecretFile(Path.of(text));
                file.read();
                return Optional.of(file);
            } catch (IOException | InvalidPathException e) {
                settings.problem(field, e.getMessage() + ": mount a file there that holds the secret, in one line");
                return Optional.empty();
            }
        });
    }
}
