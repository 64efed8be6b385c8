package io.drey.plugin.listeners;

import com.fasterxml.jackson.databind.JsonNode;

/** Where a status tells the state of a resource, and what the states mean. */
final class States {
    private States() {}

    /** The state of a resource of this kind; empty text when it has none yet. */
    static String of(String kind, JsonNode status) {
        return status.path(
                        switch (kind) {
                            case "FlinkStateSnapshot" -> "state";
                            case "FlinkBlueGreenDeployment" -> "blueGreenState";
                            default -> "lifecycleState";
                        })
                .asText();
    }

    /** The state of the job behind a resource; empty text when it has none. */
    static String ofJob(JsonNode status) {
        return status.path("jobStatus").path("state").asText();
    }

    /** A state in words. */
    static String described(String state, JsonNode status) {
        return switch (state) {
            case "CREATED" -> "not deployed yet";
            case "SUSPENDED" -> "suspended, as the spec asks";
            case "UPGRADING" -> "on the way from one spec to another";
            case "DEPLOYED" -> "deployed, and not yet known to be stable";
            case "STABLE" -> "deployed and stable";
            case "ROLLING_BACK" -> "on the way back to the last stable spec";
            case "ROLLED_BACK" -> "back at the last stable spec";
            case "FAILED" -> "the job has failed";
            case "DELETING" -> "being removed";
            case "COMPLETED" -> status.path("path").asText();
            default -> "";
        };
    }
}
