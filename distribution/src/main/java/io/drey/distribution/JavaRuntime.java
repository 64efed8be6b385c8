package io.drey.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The Java runtime that is shipped: the JDK of the build, less what only a JDK needs. */
final class JavaRuntime {
    /** All of Java SE, since plugins may use any of it, and of the rest what libraries are known to use, and jcmd. */
    private static final String MODULES = "java.se,jdk.crypto.ec,jdk.httpserver,jdk.jcmd,jdk.jfr,jdk.management,"
            + "jdk.management.agent,jdk.naming.dns,jdk.net,jdk.security.auth,jdk.unsupported,jdk.zipfs";

    /**
     * As if they stood in front of the flags that are given at the start, so those count more. The last two make the lowest
     * priority of a thread mean something: a call into a plugin that computes without end leaves the processors to others.
     */
    private static final String FLAGS = "-XX:MaxRAMPercentage=60 -XX:-UsePerfData"
            + " -XX:ThreadPriorityPolicy=1 -XX:JavaPriority1_To_OSPriority=19";

    /** These need a screen or a sound card. */
    private static final Pattern DESKTOP = Pattern.compile("lib(awt_xawt|jawt|jsound|splashscreen)\\.so");

    private static final Pattern LIBRARY = Pattern.compile("(?:^|=>)\\s*(/\\S+) \\(0x");

    private JavaRuntime() {}

    /** Makes it, unless the stamp says that the one that is there is the same. */
    static void make(Path runtime, Path stamp) throws IOException, InterruptedException {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "jlink").toString(),
                "--add-modules=" + MODULES,
                "--vm=server",
                "--strip-java-debug-attributes",
                "--no-header-files",
                "--no-man-pages",
                "--compress=zip-6",
                "--generate-cds-archive",
                "--add-options=" + FLAGS,
                "--output=" + runtime);
        var made = Runtime.version() + "\n" + String.join("\n", command);
        if (Files.exists(stamp) && Files.readString(stamp).equals(made)) {
            return;
        }
        Files.deleteIfExists(stamp);
        Processes.delete(runtime);
        Processes.run(command);
        Files.writeString(stamp, made);
    }

    /** The libraries of the C library that it needs, as paths. */
    static SortedSet<Path> sharedLibraries(Path runtime) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("ldd", runtime.resolve("bin/java").toString()));
        try (var files = Files.walk(runtime.resolve("lib"))) {
            files.filter(file -> file.toString().endsWith(".so")
                            && !DESKTOP.matcher(file.getFileName().toString()).matches())
                    .map(Path::toString)
                    .sorted()
                    .forEach(command::add);
        }
        SortedSet<Path> libraries = new TreeSet<>();
        for (var line : Processes.run(command).lines().toList()) {
            var matcher = LIBRARY.matcher(line);
            if (matcher.find() && !Path.of(matcher.group(1)).normalize().startsWith(runtime)) {
                libraries.add(Path.of(matcher.group(1)));
            }
        }
        // Looked up by name at run time: names of hosts, and of users.
        for (var library : List.copyOf(libraries)) {
            if (library.endsWith("libc.so.6")) {
                for (var more : List.of("libresolv.so.2", "libnss_dns.so.2", "libnss_files.so.2")) {
                    var path = library.resolveSibling(more);
                    if (Files.exists(path)) {
                        libraries.add(path);
                    }
                }
            }
        }
        return libraries;
    }
}
