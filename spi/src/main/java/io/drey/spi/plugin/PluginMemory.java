package io.drey.spi.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.StatusPart;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkResource;
import java.util.List;
import java.util.Optional;

/**
 * What a plugin remembers of a resource: one value in {@code status.plugins.<id>}, nothing when there is none. A value that
 * cannot be read counts as none. To be extended by a {@link StatusPart} that says how it changes.
 *
 * @param <M> the value, as JSON an object
 */
public abstract class PluginMemory<M> implements StatusPart<Optional<M>> {
    private final ObjectMapper mapper;
    private final String plugin;
    private final String field;
    private final Class<M> type;

    /**
     * @param mapper the plugin's own, see {@link PluginContext#mapper}
     * @param plugin its id
     * @param field unique in the plugin
     */
    protected PluginMemory(ObjectMapper mapper, String plugin, String field, Class<M> type) {
        this.mapper = mapper;
        this.plugin = plugin;
        this.field = field;
        this.type = type;
    }

    /** What is remembered of this resource. */
    public final Optional<M> of(CustomResource resource) {
        return resource instanceof FlinkResource flink
                ? Optional.ofNullable(flink.status().plugins().get(plugin)).flatMap(this::parsed)
                : Optional.empty();
    }

    @Override
    public final List<String> paths() {
        return List.of("/plugins/" + plugin + "/" + field);
    }

    @Override
    public final Optional<M> read(JsonNode status) {
        return parsed(status.path("plugins").path(plugin));
    }

    private Optional<M> parsed(JsonNode memory) {
        var value = memory.path(field);
        try {
            return value.isObject() ? Optional.of(mapper.convertValue(value, type)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            // Nobody but this plugin writes it. Whatever it is, nothing is remembered.
            return Optional.empty();
        }
    }

    @Override
    public final void write(Optional<M> part, ObjectNode status) {
        if (part.isPresent()) {
            status.withObject("/plugins/" + plugin).set(field, mapper.valueToTree(part.get()));
        } else if (status.path("plugins").path(plugin) instanceof ObjectNode memory) {
            memory.remove(field);
            if (memory.isEmpty()) {
                status.withObject("/plugins").remove(plugin);
            }
        }
    }
}
