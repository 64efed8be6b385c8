package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * What the scale subresource reads: {@code status.taskManager}.
 *
 * @param labelSelector of the TaskManager pods
 * @param replicas TaskManagers
 * @param unknown fields that this version does not know, kept to be written back
 */
public record TaskManagerInfo(
        String labelSelector,
        int replicas,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    /** None run. */
    public static final TaskManagerInfo EMPTY = new TaskManagerInfo("", 0, Map.of());

    public TaskManagerInfo {
        labelSelector = labelSelector == null ? "" : labelSelector;
        unknown = Copies.of(unknown);
    }
}
