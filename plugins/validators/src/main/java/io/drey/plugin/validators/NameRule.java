package io.drey.plugin.validators;

import java.util.List;
import java.util.regex.Pattern;

/** The name becomes part of names of Services and ConfigMaps, and must leave room there. */
final class NameRule extends DeploymentRule {
    static final Pattern ALLOWED = Pattern.compile("[a-z]([-a-z\\d]{0,43}[a-z\\d])?");

    NameRule() {
        super(100);
    }

    @Override
    List<Violation> check(Candidate candidate) {
        var name = candidate.resource().metadata().name();
        if (ALLOWED.matcher(name).matches()) {
            return List.of();
        }
        return List.of(Violation.of(
                "metadata.name",
                "The name '" + name + "' (" + name.length() + " characters) is invalid: it must have at most 45"
                        + " characters, small letters, digits and '-', start with a letter and not end with '-'",
                "Create the resource under another name"));
    }
}
