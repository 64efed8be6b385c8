package io.drey.plugin.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.plugin.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The section {@code plugins.tenants} of the configuration.
 *
 * @param tenants in the order of the file: a namespace belongs to the first one that matches
 * @param namespaces by name
 */
record TenantsConfig(Layer platform, List<Tenant> tenants, Map<String, Layer> namespaces) {
    /**
     * Reads the section.
     *
     * @throws IllegalArgumentException with all that is wrong
     */
    static TenantsConfig of(JsonNode configuration) {
        List<String> problems = new ArrayList<>();
        var section = new Section("plugins.tenants", configuration, problems);
        var platformSection = section.section("platform");
        var platform = Layer.read(platformSection);
        platformSection.refuseOthers();
        List<Tenant> tenants = new ArrayList<>();
        section.sections("tenants").forEach((name, own) -> tenants.add(Tenant.read(name, own)));
        Map<String, Layer> namespaces = new LinkedHashMap<>();
        section.sections("namespaces").forEach((name, own) -> {
            namespaces.put(name, Layer.read(own));
            own.refuseOthers();
        });
        section.refuseOthers();
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return new TenantsConfig(platform, List.copyOf(tenants), Map.copyOf(namespaces));
    }
}
