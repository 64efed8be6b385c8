package io.drey.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The command {@code drey} for the image, which has no shell: the launcher that the JDK's jpackage makes, with a
 * configuration of ours beside it. It is for {@code kubectl exec}, so it takes little of the memory that the operator has.
 */
final class NativeCommand {
    private static final String CONFIG = """
            [Application]
            app.mainjar=$ROOTDIR/lib/drey.jar
            app.runtime=$ROOTDIR/runtime

            [JavaOptions]
            java-options=-XX:MaxRAMPercentage=10
            java-options=-XX:+UseSerialGC
            java-options=-XX:TieredStopAtLevel=1
            """;

    private final Path folder;

    private NativeCommand(Path folder) {
        this.folder = folder;
    }

    /** Makes it, unless the stamp says that the one that is there is the same. */
    static NativeCommand make(Path runtime, Path jar, Path target) throws IOException, InterruptedException {
        var folder = target.resolve("command");
        var stamp = target.resolve("command.made-by");
        var made = Runtime.version() + "\n" + CONFIG;
        if (Files.exists(stamp) && Files.readString(stamp).equals(made)) {
            return new NativeCommand(folder);
        }
        Files.deleteIfExists(stamp);
        Processes.delete(folder);
        var input = Files.createDirectories(folder.resolve("input"));
        Files.copy(jar, input.resolve("drey.jar"), StandardCopyOption.REPLACE_EXISTING);
        Processes.run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "jpackage").toString(),
                "--type",
                "app-image",
                "--name",
                "drey",
                "--input",
                input.toString(),
                "--main-jar",
                "drey.jar",
                "--runtime-image",
                runtime.toString(),
                "--dest",
                folder.toString()));
        Processes.delete(folder.resolve("drey/lib/runtime"));
        Files.writeString(folder.resolve("drey/lib/app/drey.cfg"), CONFIG);
        Files.writeString(stamp, made);
        return new NativeCommand(folder);
    }

    /** Its files, below this folder. */
    void pack(TarWriter tar, String home) throws IOException {
        for (var file : List.of("bin/drey", "lib/libapplauncher.so", "lib/app/drey.cfg")) {
            tar.file(home + "/" + file, folder.resolve("drey").resolve(file));
        }
    }
}
