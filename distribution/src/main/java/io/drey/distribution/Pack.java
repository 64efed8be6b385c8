package io.drey.distribution;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes {@code drey-VERSION.tar.gz}, and on Linux {@code drey-operator-VERSION.tar}, of jars that Maven has laid out. */
public final class Pack {
    private static final String HOME = "opt/drey";
    private static final String MAIN = "io.drey.core.cli.Drey";

    private final Path sources;
    private final Path target;
    private final Path packed;
    private final String version;
    private final Instant time;

    private Pack(Path sources, Path target, String version, Instant time) {
        this.sources = sources;
        this.target = target;
        this.packed = target.resolve("drey-" + version);
        this.version = version;
        this.time = time;
    }

    /** Arguments: folder of this module, its target folder, version, time that all files get. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        new Pack(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2], Instant.parse(arguments[3])).run();
    }

    private void run() throws IOException, InterruptedException {
        layOut();
        var runtime = packed.resolve("runtime");
        JavaRuntime.make(runtime, target.resolve("runtime.made-by"));
        archive();
        if (System.getProperty("os.name").equals("Linux")) {
            image(runtime);
        } else {
            System.out.println(
                    "No image: it is made on Linux only, from the C library and the Java runtime of the build.");
        }
    }

    private void layOut() throws IOException {
        var own = sources.resolve("src/main/archive");
        for (var file : List.of("bin/drey", "conf/config.yaml", "README.md")) {
            copy(own.resolve(file), file);
        }
        for (var file : List.of("LICENSE", "NOTICE")) {
            copy(sources.resolveSibling(file), file);
        }
        Files.createDirectories(packed.resolve("plugins.d"));
        startJar();
        for (var jar : jars("lib")) {
            Files.setLastModifiedTime(jar, FileTime.from(time));
        }
    }

    private void copy(Path source, String name) throws IOException {
        var copy = packed.resolve(name);
        Files.createDirectories(copy.getParent());
        Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** lib/drey.jar has no classes: it names the main class, and all jars in one order. */
    private void startJar() throws IOException {
        var manifest = new Manifest();
        var attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, MAIN);
        attributes.put(
                Attributes.Name.CLASS_PATH,
                jars("lib").stream().map(jar -> jar.getFileName().toString()).collect(Collectors.joining(" ")));
        try (var zip = new ZipOutputStream(Files.newOutputStream(packed.resolve("lib/drey.jar")))) {
            var entry = new ZipEntry(JarFile.MANIFEST_NAME);
            entry.setTime(time.toEpochMilli());
            zip.putNextEntry(entry);
            manifest.write(zip);
            zip.closeEntry();
        }
    }

    private List<Path> jars(String folder) throws IOException {
        try (var files = Files.list(packed.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private void archive() throws IOException {
        var file = target.resolve("drey-" + version + ".tar.gz");
        try (var tar = new TarWriter(OciImage.fastGzip(new BufferedOutputStream(Files.newOutputStream(file))), time)) {
            tar.tree(packed.getFileName().toString(), packed);
        }
    }

    private void image(Path runtime) throws IOException, InterruptedException {
        var libraries = JavaRuntime.sharedLibraries(runtime);
        var cache = new StartCache(packed, target).make();
        var command = NativeCommand.make(runtime, packed.resolve("lib/drey.jar"), target);
        var work = Files.createDirectories(target.resolve("layers"));
        var image = new OciImage(work, time);
        // From what seldom changes to what often does.
        image.layer("base", tar -> {
            for (var folder : List.of("dev", "proc", "sys")) {
                tar.directory(folder, 0755);
            }
            tar.directory("tmp", 01777);
            text(tar, "etc/passwd", "root:x:0:0:root:/:/\nflink:x:9999:9999:flink:/opt/drey:/\n");
            text(tar, "etc/group", "root:x:0:\nflink:x:9999:\n");
            text(tar, "etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
            for (var library : libraries) {
                tar.file(library.toString().substring(1), library);
            }
            var license = Path.of("/usr/share/doc/libc6/copyright");
            if (Files.exists(license)) {
                tar.file(license.toString().substring(1), license);
            }
        });
        image.layer("runtime", tar -> tar.tree(HOME + "/runtime", runtime));
        image.layer("libraries", tar -> lib(tar, false));
        image.layer("plugins", tar -> tar.tree(HOME + "/plugins", packed.resolve("plugins")));
        image.layer("drey", tar -> {
            lib(tar, true);
            command.pack(tar, HOME);
            for (var folder : List.of("conf", "plugins.d")) {
                tar.tree(HOME + "/" + folder, packed.resolve(folder));
            }
            for (var file : List.of("LICENSE", "NOTICE")) {
                tar.file(HOME + "/" + file, packed.resolve(file));
            }
        });
        image.layer("start-cache", tar -> {
            if (cache.isPresent()) {
                tar.file(HOME + "/lib/drey.aot", cache.get());
            }
        });
        var home = "/" + HOME;
        image.write(
                target.resolve("drey-operator-" + version + ".tar"),
                "drey-operator:" + version,
                new OciImage.Start(
                        "9999:9999",
                        home,
                        List.of(
                                home + "/runtime/bin/java",
                                "-XX:AOTCache=" + home + "/lib/drey.aot",
                                "-Xlog:aot*=off",
                                "-jar",
                                home + "/lib/drey.jar"),
                        Map.of(
                                "PATH",
                                home + "/bin:" + home + "/runtime/bin",
                                "LANG",
                                "C.UTF-8",
                                "DREY_HOME",
                                home,
                                "FLINK_CONF_DIR",
                                home + "/conf")));
    }

    private void lib(TarWriter tar, boolean own) throws IOException {
        for (var jar : jars("lib")) {
            if (jar.getFileName().toString().startsWith("drey") == own) {
                tar.file(HOME + "/lib/" + jar.getFileName(), jar);
            }
        }
    }

    private static void text(TarWriter tar, String name, String text) throws IOException {
        tar.file(name, 0644, text.getBytes(StandardCharsets.UTF_8));
    }
}
