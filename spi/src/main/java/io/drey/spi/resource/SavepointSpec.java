package io.drey.spi.resource;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * Asks for a savepoint.
 *
 * @param path directory; the job's {@code state.savepoints.dir} if absent
 * @param formatType canonical unless given
 * @param disposeOnDelete whether the savepoint is deleted with the resource; true unless given
 * @param alreadyExists nothing is triggered: {@code path} is a savepoint that is there
 * @param unknown fields that this version does not know, kept to be written back
 */
public record SavepointSpec(
        Optional<String> path,
        SavepointFormatType formatType,
        Boolean disposeOnDelete,
        boolean alreadyExists,
        @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> unknown) {
    public SavepointSpec {
        formatType = formatType == null ? SavepointFormatType.CANONICAL : formatType;
        disposeOnDelete = disposeOnDelete == null ? true : disposeOnDelete;
        unknown = Copies.of(unknown);
    }
}
