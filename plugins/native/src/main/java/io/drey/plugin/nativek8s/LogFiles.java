package io.drey.plugin.nativek8s;

import io.drey.spi.plugin.PluginContext;
import io.drey.spi.resource.FlinkDeploymentSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Configuration of logging in a cluster's pods: the user's, else the operator's, else ours. */
final class LogFiles {
    private static final String LOG4J = "log4j-console.properties";
    private static final String LOGBACK = "logback-console.xml";

    private final Map<String, String> defaults;

    LogFiles(PluginContext context) {
        defaults = Map.of(
                LOG4J, context.configurationFile(LOG4J).orElseGet(() -> resource(LOG4J)),
                LOGBACK, context.configurationFile(LOGBACK).orElseGet(() -> resource(LOGBACK)));
    }

    /** Content by name of the file, in order. */
    Map<String, String> of(FlinkDeploymentSpec spec) {
        var given = spec.logConfiguration().orElse(Map.of());
        for (var name : given.keySet()) {
            if (!defaults.containsKey(name)) {
                throw new IllegalArgumentException("spec.logConfiguration: found key " + name + ", must be " + LOG4J
                        + " or " + LOGBACK + ". Rename it");
            }
        }
        return new TreeMap<>(given.isEmpty() ? defaults : given);
    }

    private static String resource(String name) {
        try (var in = LogFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not in the plugin's jar: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
