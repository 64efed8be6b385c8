package io.drey.plugin.deployments;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The labels of an error: those whose regular expression is found in one of its messages. */
record LabelMapper(Map<String, String> labels) {
    private static final int MANY_STEPS = 1_000_000;

    List<String> labelsOf(List<String> messages) {
        return labels.entrySet().stream()
                .filter(entry -> messages.stream().anyMatch(message -> found(entry.getKey(), message)))
                .map(Map.Entry::getValue)
                .distinct()
                .toList();
    }

    /** One that is malformed, which a rule tells the user, or that would take too long, is not found. */
    private static boolean found(String regex, String message) {
        try {
            return Pattern.compile(regex)
                    .matcher(new Limited(message, new int[1]))
                    .find();
        } catch (PatternSyntaxException | TooLong | StackOverflowError e) {
            return false;
        }
    }

    private static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooLong() {
            super(null, null, false, false);
        }
    }

    /** Text that a regular expression may read only so much of: it must not hold up the passes of others. */
    private record Limited(CharSequence text, int[] steps) implements CharSequence {
        @Override
        public char charAt(int index) {
            if (++steps[0] > MANY_STEPS) {
                throw new TooLong();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Limited(text.subSequence(start, end), steps);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
