package io.drey.plugin.recovery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What {@code status.error} says, for people: the error, and the deepest of its causes that it tells. */
final class ErrorText {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 500;

    private ErrorText() {}

    static String of(String error) {
        var text = message(error);
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private static String message(String error) {
        try {
            var document = JSON.readTree(error);
            var reason = document.path("additionalMetadata").path("reason").asText();
            var message = sentence(document.path("message").asText(error));
            var causes = document.path("throwableList");
            var deepest =
                    sentence(causes.path(causes.size() - 1).path("message").asText());
            return (reason.isEmpty() ? "" : reason + ": ")
                    + message
                    + (message.contains(deepest) ? "" : ": " + deepest);
        } catch (JsonProcessingException e) {
            return error;
        }
    }
}
