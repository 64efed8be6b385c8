package io.drey.plugin.nativek8s;

import static io.drey.spi.resource.FlinkVersion.V2_0;

import io.drey.spi.resource.FlinkVersion;

/** Text that must reach the job as it is: its arguments, its entry class, its jar. */
final class JobText {
    private JobText() {}

    /**
     * The same text.
     *
     * @param field of the resource, for the message
     * @throws IllegalArgumentException when the configuration file of this version cannot carry it
     */
    static String whole(String text, String field, FlinkVersion version) {
        if (version.isAtLeast(V2_0)) {
            return text;
        }
        for (int i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '#' || c == '\n' || c == '\r') {
                throw new IllegalArgumentException(field + ": found " + (c == '#' ? "#" : "a line break")
                        + " at character " + (i + 1)
                        + ", must have neither # nor line breaks: the configuration of Flink "
                        + version.wire().substring(1).replace('_', '.')
                        + " cannot carry them. Write it in another way, or use Flink 2.0 or newer");
            }
        }
        return text;
    }
}
