package io.drey.distribution;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The few system files that Java and a shell script need, from the Linux that builds: the C library, {@code sh}, and
 * the user. With them an image needs nothing below it.
 */
final class SystemFiles {
    private static final Pattern LIBRARY = Pattern.compile("(?:=> )?(/\\S+) \\(0x");
    /** Not linked to, but opened by the C library to look up names. */
    private static final Set<String> LOOKED_UP = Set.of("libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2");

    private final Path runtime;

    SystemFiles(Path runtime) {
        this.runtime = runtime;
    }

    /** Path in the image to file. */
    Map<String, Path> collect(Path scratch) throws IOException, InterruptedException {
        Map<String, Path> files = new LinkedHashMap<>();
        var shell = Path.of("/bin/sh").toRealPath();
        files.put("/bin/sh", shell);
        Set<Path> libraries = new TreeSet<>(libraries(shell));
        for (var binary : new String[] {"bin/java", "lib/server/libjvm.so", "lib/libnet.so", "lib/libnio.so"}) {
            libraries.addAll(libraries(runtime.resolve(binary)));
        }
        for (var library : libraries) {
            // The C library as a whole: parts of different releases do not go together.
            files.put(library.toString(), library.toRealPath());
            if (library.getFileName().toString().equals("libc.so.6")) {
                for (var name : LOOKED_UP) {
                    var neighbour = library.resolveSibling(name);
                    if (Files.exists(neighbour)) {
                        files.put(neighbour.toString(), neighbour.toRealPath());
                    }
                }
            }
        }
        Files.createDirectories(scratch);
        files.put("/etc/passwd", text(scratch, "passwd", "root:x:0:0:root:/root:/bin/sh\ndrey:x:9999:9999::/opt/drey:/bin/sh\n"));
        files.put("/etc/group", text(scratch, "group", "root:x:0:\ndrey:x:9999:\n"));
        files.put("/etc/nsswitch.conf", text(scratch, "nsswitch.conf", "hosts: files dns\n"));
        return files;
    }

    private Set<Path> libraries(Path binary) throws IOException, InterruptedException {
        var ldd = new ProcessBuilder("ldd", binary.toString()).redirectErrorStream(true).start();
        var said = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (ldd.waitFor() != 0) {
            throw new IOException("ldd " + binary + ": " + said);
        }
        Set<Path> found = new TreeSet<>();
        var line = LIBRARY.matcher(said);
        while (line.find()) {
            var library = Path.of(line.group(1));
            if (!library.startsWith(runtime)) {
                found.add(library);
            }
        }
        return found;
    }

    private static Path text(Path folder, String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
