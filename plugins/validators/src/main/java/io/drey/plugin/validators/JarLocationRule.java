package io.drey.plugin.validators;

import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.resource.FlinkSessionJob;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * From where the operator fetches the jar of a session job: a scheme that the operator allows, and no address inside its
 * own network. Only the operator's configuration counts, not the resource's. Names are not resolved here: whoever
 * fetches the jar must look at the address that it connects to, since a name may resolve to another one by then.
 */
final class JarLocationRule extends ContractRule {
    private static final String FIELD = "spec.job.jarURI";
    private static final ConfigKey<List<String>> SCHEMES = OperatorKeys.ARTIFACT_SCHEMES;
    private static final ConfigKey<Boolean> NO_RESTRICTED_HOSTS = OperatorKeys.ARTIFACT_HOSTS;

    JarLocationRule() {
        super(400);
    }

    @Override
    List<Violation> violations(AdmissionRequest request) {
        if (!(request.resource() instanceof FlinkSessionJob sessionJob)) {
            return List.of();
        }
        return sessionJob.spec().job().flatMap(job -> job.jarURI()).stream()
                .flatMap(jar -> check(jar, request).stream())
                .toList();
    }

    private static Optional<Violation> check(String jar, AdmissionRequest request) {
        URI uri;
        try {
            uri = new URI(jar);
        } catch (URISyntaxException e) {
            return violation(jar, "is no URI: " + e.getReason(), "Write it like https://example.com/job.jar");
        }
        var allowed = request.platform().get(SCHEMES);
        if (uri.getScheme() == null) {
            return violation(
                    jar,
                    "has no scheme; allowed are " + String.join(", ", allowed),
                    "Write it like " + (allowed.isEmpty() ? "https" : allowed.getFirst()) + "://example.com/job.jar");
        }
        var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!allowed.contains(scheme)) {
            return violation(
                    jar,
                    "has the scheme " + scheme + "; allowed are " + String.join(", ", allowed),
                    "Put the jar where an allowed scheme leads, or let the operator's " + SCHEMES.name() + " allow it");
        }
        boolean http = scheme.equals("http") || scheme.equals("https");
        if (!http || !request.platform().get(NO_RESTRICTED_HOSTS)) {
            return Optional.empty();
        }
        if (uri.getHost() == null) {
            return violation(jar, "has no host", "Write it like https://example.com/job.jar");
        }
        return RestrictedHost.why(uri.getHost())
                .flatMap(why -> violation(
                        jar,
                        "has the host " + uri.getHost() + ", which is " + why,
                        "Put the jar on a public host, or set the operator's " + NO_RESTRICTED_HOSTS.name()
                                + " to false"));
    }

    /** What stands before a host may be a password. */
    private static Optional<Violation> violation(String jar, String what, String mend) {
        return Optional.of(Violation.of(
                FIELD,
                "Found '" + jar.replaceAll("//[^/@]*@", "//***@").replaceAll("\\?.*", "?***") + "', which " + what,
                mend));
    }
}
