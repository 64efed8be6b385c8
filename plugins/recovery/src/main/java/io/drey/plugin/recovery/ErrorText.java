package io.drey.plugin.recovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What {@code status.error} says, for people. */
final class ErrorText {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 300;

    private ErrorText() {}

    static String of(String error) {
        var text = message(error);
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    private static String message(String error) {
        try {
            var document = JSON.readTree(error);
            var reason = document.path("additionalMetadata").path("reason").asText();
            return (reason.isEmpty() ? "" : reason + ": ")
                    + document.path("message").asText(error);
        } catch (JsonProcessingException e) {
            return error;
        }
    }
}
