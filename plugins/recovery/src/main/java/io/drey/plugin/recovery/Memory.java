package io.drey.plugin.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.StatusPart;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkResource;
import java.util.List;
import java.util.Optional;

/** A value in {@code status.plugins.recovery}. */
abstract class Memory<M> implements StatusPart<Optional<M>> {
    private static final String PLUGIN = "recovery";

    private final ObjectMapper mapper;
    private final String field;
    private final Class<M> type;

    Memory(ObjectMapper mapper, String field, Class<M> type) {
        this.mapper = mapper;
        this.field = field;
        this.type = type;
    }

    /** What is remembered of this resource. */
    final Optional<M> of(CustomResource resource) {
        return resource instanceof FlinkResource flink
                ? Optional.ofNullable(flink.status().plugins().get(PLUGIN)).flatMap(this::parsed)
                : Optional.empty();
    }

    @Override
    public final List<String> paths() {
        return List.of("/plugins/" + PLUGIN + "/" + field);
    }

    @Override
    public final Optional<M> read(JsonNode status) {
        return parsed(status.path("plugins").path(PLUGIN));
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
            status.withObject("/plugins/" + PLUGIN).set(field, mapper.valueToTree(part.get()));
        } else if (status.path("plugins").path(PLUGIN) instanceof ObjectNode memory) {
            memory.remove(field);
            if (memory.isEmpty()) {
                status.withObject("/plugins").remove(PLUGIN);
            }
        }
    }
}
