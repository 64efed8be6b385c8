package io.drey.plugin.validators;

import io.drey.spi.resource.IngressSpec;
import io.drey.spi.resource.Metadata;
import java.net.MalformedURLException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The template of an ingress must become a URL. */
final class IngressRule extends DeploymentRule {
    private static final String FIELD = "spec.ingress.template";
    private static final Pattern NAME = Pattern.compile("\\{\\{name}}", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAMESPACE = Pattern.compile("\\{\\{namespace}}", Pattern.CASE_INSENSITIVE);
    private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*://.*");

    IngressRule() {
        super(700);
    }

    @Override
    List<Violation> check(Candidate candidate) {
        return check(candidate.resource().metadata(), candidate.spec().ingress()).stream()
                .toList();
    }

    /** What is wrong with the ingress of a resource, if it has one. */
    static Optional<Violation> check(Metadata metadata, Optional<IngressSpec> ingress) {
        return ingress.flatMap(given -> checkTemplate(metadata, given.template()));
    }

    private static Optional<Violation> checkTemplate(Metadata metadata, Optional<String> template) {
        if (template.isEmpty()) {
            return Optional.of(
                    Violation.of(
                            FIELD,
                            "The template of the ingress is missing, and must be defined",
                            "Set it to a host and path such as {{name}}.{{namespace}}.flink.example.com, or remove spec.ingress"));
        }
        var named = NAME.matcher(template.get()).replaceAll(Matcher.quoteReplacement(metadata.name()));
        var text = NAMESPACE.matcher(named).replaceAll(Matcher.quoteReplacement(metadata.namespace()));
        if (isUrl(SCHEME.matcher(text).matches() ? text : "http://" + text)) {
            return Optional.empty();
        }
        return Optional.of(
                Violation.of(
                        FIELD,
                        "Found '" + template.get() + "', which becomes '" + text
                                + "', and must become a host with an optional path",
                        "Write it like {{name}}.{{namespace}}.flink.example.com or example.com/{{namespace}}/{{name}}(/|$)(.*)"));
    }

    /** As lenient as a path with a regular expression in it demands. */
    private static boolean isUrl(String text) {
        try {
            return !URI.create(pathRemoved(text)).toURL().getHost().isEmpty();
        } catch (IllegalArgumentException | MalformedURLException e) {
            return false;
        }
    }

    private static String pathRemoved(String url) {
        int path = url.indexOf('/', url.indexOf("://") + 3);
        return path < 0 ? url : url.substring(0, path) + "/";
    }
}
