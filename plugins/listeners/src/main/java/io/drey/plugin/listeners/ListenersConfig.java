package io.drey.plugin.listeners;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.plugin.Section;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * The section {@code plugins.listeners} of the configuration.
 *
 * @param webhooks in the order of the file
 */
record ListenersConfig(List<Endpoint> webhooks) {
    private static final String SECTION = "plugins.listeners";

    ListenersConfig {
        webhooks = List.copyOf(webhooks);
    }

    /**
     * Reads the section.
     *
     * @throws IllegalArgumentException with all that is wrong: the field, what was found, what is allowed
     */
    static ListenersConfig of(JsonNode section) {
        var problems = new ArrayList<String>();
        var top = new Section(SECTION, section, problems);
        var endpoints = new ArrayList<Endpoint>();
        var names = new HashSet<String>();
        int index = 0;
        for (var entry : top.list("webhooks")) {
            var settings = new Section(SECTION + ".webhooks[" + index++ + "]", entry, problems);
            EndpointSettings.read(settings).ifPresent(endpoint -> {
                endpoints.add(endpoint);
                if (!names.add(endpoint.name())) {
                    settings.problem("name", "found '" + endpoint.name() + "' a second time: give each its own name");
                }
            });
        }
        top.refuseOthers();
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return new ListenersConfig(endpoints);
    }
}
