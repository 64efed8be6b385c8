package io.drey.distribution;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** The OCI image, as a tar file. What changes seldom lies below. */
final class Image {
    private static final AbsoluteUnixPath HOME = AbsoluteUnixPath.get("/opt/drey");

    private final Path home;
    private final String base;
    private final Instant time;

    /** @param base {@code scratch}, or an image in a registry with a C library and {@code sh} */
    Image(Path home, String base, Instant time) {
        this.home = home;
        this.base = base;
        this.time = time;
    }

    void write(String name, Path tar) throws Exception {
        var work = tar.resolveSibling("image");
        var to = Containerizer.to(TarImage.at(tar).named(name))
                .setToolName("drey")
                .setApplicationLayersCache(Files.createDirectories(work.resolve("layers")))
                .setBaseImageLayersCache(Files.createDirectories(work.resolve("base")));
        from(work)
                .addFileEntriesLayer(layer("runtime", "runtime"))
                .addFileEntriesLayer(layer("program", "bin", "conf", "lib"))
                .addFileEntriesLayer(layer("plugins", "plugins"))
                .setEntrypoint(HOME.resolve("bin/drey").toString())
                .setProgramArguments("operator")
                .setEnvironment(Map.of("PATH", "/opt/drey/bin:/opt/drey/runtime/bin:/usr/bin:/bin", "LANG", "C.UTF-8"))
                .setWorkingDirectory(HOME)
                .setUser("9999:9999")
                .setFormat(ImageFormat.OCI)
                .setCreationTime(time)
                .containerize(to);
    }

    private JibContainerBuilder from(Path work) throws Exception {
        if (!base.equals("scratch")) {
            return Jib.from(base);
        }
        var system = FileEntriesLayer.builder().setName("system");
        for (var file : new SystemFiles(home.resolve("runtime")).collect(work.resolve("system")).entrySet()) {
            var rights = FilePermissions.fromOctalString(file.getKey().startsWith("/etc/") ? "644" : "755");
            system.addEntry(file.getValue(), AbsoluteUnixPath.get(file.getKey()), rights, time);
        }
        return Jib.fromScratch()
                .setPlatforms(Set.of(new Platform(architecture(), "linux")))
                .addFileEntriesLayer(system.build());
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            case String other -> other;
        };
    }

    private FileEntriesLayer layer(String name, String... folders) throws IOException {
        var layer = FileEntriesLayer.builder().setName(name);
        for (var folder : folders) {
            layer.addEntryRecursive(
                    home.resolve(folder),
                    HOME.resolve(folder),
                    (file, inImage) -> FilePermissions.fromOctalString(
                            Files.isDirectory(file) || Files.isExecutable(file) ? "755" : "644"),
                    (file, inImage) -> time);
        }
        return layer.build();
    }
}
