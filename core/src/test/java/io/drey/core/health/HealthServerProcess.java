package io.drey.core.health;

import java.io.IOException;
import java.util.List;

/** A server in a process of its own: the JDK reads the time limits when the first server of a process is created. */
final class HealthServerProcess {
    private HealthServerProcess() {}

    /** Prints the port, and runs until the standard input ends. */
    public static void main(String[] arguments) throws IOException {
        try (var server = new HealthServer(0, List::of)) {
            server.start();
            System.out.println(server.port());
            System.in.read();
        }
    }
}
