package io.drey.plugin.validators;

import java.util.List;
import java.util.Set;

/** The two files that Flink's images read. */
final class LogConfigurationRule extends DeploymentRule {
    private static final Set<String> ALLOWED = Set.of("log4j-console.properties", "logback-console.xml");

    LogConfigurationRule() {
        super(800);
    }

    @Override
    List<Violation> check(Candidate candidate) {
        return candidate.spec().logConfiguration().stream()
                .flatMap(files -> files.keySet().stream())
                .filter(key -> !ALLOWED.contains(key))
                .sorted()
                .map(key -> Violation.of(
                        "spec.logConfiguration." + key,
                        "Invalid log config key '" + key
                                + "': allowed are log4j-console.properties and logback-console.xml",
                        "Rename or remove it"))
                .toList();
    }
}
