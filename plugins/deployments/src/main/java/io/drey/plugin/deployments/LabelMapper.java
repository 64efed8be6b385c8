package io.drey.plugin.deployments;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The labels of an error: those whose regular expression is found in one of its messages.
 *
 * <p>The expressions come from users, and run in passes over their resources, which have a deadline. All expressions
 * together may take a limited number of steps, which are some milliseconds, and each of them a tenth of that: an expensive one
 * leaves the others their part.
 */
record LabelMapper(Map<String, String> labels) {
    private static final int MANY_STEPS = 1_000_000;
    private static final int MANY_STEPS_OF_ONE = MANY_STEPS / 10;
    private static final int MANY_MESSAGES = 20;
    private static final int MANY_LABELS = 50;
    private static final int LONGEST_EXPRESSION = 1_000;

    List<String> labelsOf(List<String> messages) {
        var budget = new Budget();
        return labels.entrySet().stream()
                .filter(entry -> entry.getKey().length() <= LONGEST_EXPRESSION)
                .limit(MANY_LABELS)
                .filter(entry -> found(entry.getKey(), messages, budget.share()))
                .map(Map.Entry::getValue)
                .distinct()
                .toList();
    }

    private static boolean found(String regex, List<String> messages, Budget share) {
        return messages.stream()
                .limit(MANY_MESSAGES)
                .anyMatch(message -> !share.spent() && found(regex, message, share));
    }

    /** One that is malformed, which a rule reports to the user, or for which no steps are left, is not found. */
    private static boolean found(String regex, String message, Budget budget) {
        try {
            return Pattern.compile(regex).matcher(new Limited(message, budget)).find();
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

    /** The steps that are left: characters that may be read, of all expressions and of the present one. */
    private static final class Budget {
        private int steps = MANY_STEPS;
        private int ofThisOne;

        /** The budget of the next expression. */
        Budget share() {
            ofThisOne = Math.min(steps, MANY_STEPS_OF_ONE);
            return this;
        }

        boolean spent() {
            return ofThisOne <= 0;
        }

        void step() {
            steps--;
            if (--ofThisOne <= 0) {
                throw new TooLong();
            }
        }
    }

    /** Text whose reading costs steps. */
    private record Limited(CharSequence text, Budget budget) implements CharSequence {
        @Override
        public char charAt(int index) {
            budget.step();
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Limited(text.subSequence(start, end), budget);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
