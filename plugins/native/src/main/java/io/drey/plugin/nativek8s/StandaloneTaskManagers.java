package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.fact.FactType;
import java.util.Optional;

/**
 * The TaskManagers of a cluster in standalone mode.
 *
 * @param deployment as the API server has it
 */
record StandaloneTaskManagers(Optional<JsonNode> deployment) {
    /** This fact. */
    static final FactType<StandaloneTaskManagers> TYPE =
            new FactType<>("standalone-task-managers", StandaloneTaskManagers.class);
}
