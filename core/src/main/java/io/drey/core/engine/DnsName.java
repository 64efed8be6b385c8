package io.drey.core.engine;

import java.util.regex.Pattern;

/** The forms of names in Kubernetes (RFC 1123). */
enum DnsName {
    /** Of a namespace. */
    LABEL(63, "[a-z0-9]([-a-z0-9]*[a-z0-9])?", "lower case letters, digits and '-'"),
    /** Of an object. */
    SUBDOMAIN(253, "[a-z0-9]([-a-z0-9.]*[a-z0-9])?", "lower case letters, digits, '-' and '.'");

    private final int longest;
    private final Pattern form;
    private final String characters;

    DnsName(int longest, String form, String characters) {
        this.longest = longest;
        this.form = Pattern.compile(form);
        this.characters = characters;
    }

    /**
     * Returns a name that has this form.
     *
     * @param field that holds it
     * @throws IllegalArgumentException when it does not
     */
    String checked(String field, String found) {
        if (found.length() > longest || !form.matcher(found).matches() || found.contains("..")) {
            throw new IllegalArgumentException(field + ": found '" + found + "', must be at most " + longest + " "
                    + characters + ", with a letter or a digit at both ends");
        }
        return found;
    }
}
