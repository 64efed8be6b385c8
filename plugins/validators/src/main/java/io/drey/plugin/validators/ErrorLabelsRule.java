package io.drey.plugin.validators;

import io.drey.spi.config.ErrorFormat;
import io.drey.spi.config.FlinkConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Labels of errors are found by regular expressions. Only what the resource itself says is looked at: a fault in the
 * operator's defaults must not hold up all resources.
 */
final class ErrorLabelsRule extends DeploymentRule {
    ErrorLabelsRule() {
        super(2000);
    }

    @Override
    List<Violation> check(Candidate candidate) {
        var own = new FlinkConfig(candidate.spec().flinkConfiguration().flatten());
        Set<String> expressions = new TreeSet<>(own.get(ErrorFormat.LABELS).keySet());
        expressions.addAll(ErrorFormat.of(own).labels().keySet());
        List<Violation> found = new ArrayList<>();
        for (var regex : expressions) {
            try {
                Pattern.compile(regex);
            } catch (PatternSyntaxException e) {
                found.add(Violation.of(
                        CONFIG + ErrorFormat.LABELS.name(),
                        "Found '" + regex + "', which is no regular expression of Java: " + e.getDescription(),
                        "Correct it; single quotes around an expression keep its commas and colons"));
            }
        }
        return found;
    }
}
