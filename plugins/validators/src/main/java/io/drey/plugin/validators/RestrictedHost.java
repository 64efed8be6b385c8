package io.drey.plugin.validators;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Hosts that a jar may not come from, as far as they show without asking a name server. */
final class RestrictedHost {
    private static final Pattern LAST_LABEL_IS_A_NUMBER = Pattern.compile("(.*\\.)?(\\d+|0[xX][0-9a-fA-F]*)\\.?");
    private static final Pattern DOTTED = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

    private RestrictedHost() {}

    /** Why it is restricted; empty when it is not, or only a name server could tell. */
    static Optional<String> why(String host) {
        var name = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            return Optional.of("a loopback address");
        }
        boolean v6 = host.startsWith("[");
        if (!v6 && !LAST_LABEL_IS_A_NUMBER.matcher(host).matches()) {
            return Optional.empty();
        }
        if (!v6 && !DOTTED.matcher(host).matches()) {
            return Optional.of("an address in an unusual notation");
        }
        try {
            // A literal: nothing is looked up.
            return why(InetAddress.getByName(host));
        } catch (UnknownHostException e) {
            return Optional.of("no address");
        }
    }

    private static Optional<String> why(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return Optional.of("a loopback address");
        }
        if (address.isLinkLocalAddress()) {
            return Optional.of("a link-local address");
        }
        if (address.isSiteLocalAddress()) {
            return Optional.of("a site-local address");
        }
        if (address.isAnyLocalAddress()) {
            return Optional.of("the wildcard address");
        }
        return address.isMulticastAddress() ? Optional.of("a multicast address") : Optional.empty();
    }
}
