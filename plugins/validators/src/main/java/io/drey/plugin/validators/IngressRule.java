package io.drey.plugin.validators;

import io.drey.spi.resource.IngressSpec;
import io.drey.spi.resource.Metadata;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The template of an ingress must become a URL, or a part of one: a path alone is an ingress for all hosts. */
final class IngressRule extends DeploymentRule {
    private static final String FIELD = "spec.ingress.template";
    private static final Pattern NAME = Pattern.compile("\\{\\{name}}", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAMESPACE = Pattern.compile("\\{\\{namespace}}", Pattern.CASE_INSENSITIVE);
    private static final Pattern URL = Pattern.compile(
            "(?<protocol>[a-zA-Z][a-zA-Z0-9+.-]*)://(?:[^/?#@]*@)?(?:\\[[^/?#\\]]*]|[^/?#:]*)(?::\\d*)?(?:[/?#].*)?",
            Pattern.DOTALL);
    private static final Set<String> PROTOCOLS = Set.of("http", "https", "ftp", "file", "jar");
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
                                + "', and must become a host, a path or both",
                        "Write it like {{name}}.{{namespace}}.flink.example.com or example.com/{{namespace}}/{{name}}(/|$)(.*)"));
    }

    /** As lenient as {@link java.net.URL}: no host, blanks and unknown variables are none of its business. */
    private static boolean isUrl(String text) {
        var url = URL.matcher(text);
        return url.matches() && PROTOCOLS.contains(url.group("protocol").toLowerCase(Locale.ROOT));
    }
}
