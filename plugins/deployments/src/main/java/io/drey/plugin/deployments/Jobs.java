package io.drey.plugin.deployments;

import io.drey.spi.resource.FlinkJobState;
import java.util.Set;

/** Which states of a job are its last. */
final class Jobs {
    private static final Set<FlinkJobState> TERMINAL =
            Set.of(FlinkJobState.CANCELED, FlinkJobState.FAILED, FlinkJobState.FINISHED);

    private Jobs() {}

    static boolean terminal(FlinkJobState state) {
        return TERMINAL.contains(state);
    }
}
