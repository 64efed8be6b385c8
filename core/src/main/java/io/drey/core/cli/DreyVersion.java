package io.drey.core.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** Which Drey this is. */
public final class DreyVersion implements IVersionProvider {
    /** {@code 0.1.0-SNAPSHOT}. */
    public static String current() {
        try (var in = DreyVersion.class.getResourceAsStream("/io/drey/core/version.properties")) {
            var properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String[] getVersion() {
        return new String[] {"drey " + current()};
    }

    /** {@code drey version}. */
    @Command(name = "version", description = "Prints which Drey this is.")
    public static final class ShowVersion implements Runnable {
        @Override
        public void run() {
            System.out.println("drey " + current());
        }
    }
}
