package io.drey.distribution;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/** An image as one tar file: an OCI image layout, with the manifest.json that older versions of docker load ask for. */
final class OciImage {
    private static final String TYPE = "application/vnd.oci.image.";

    private final Path work;
    private final Instant time;
    private final List<Layer> layers = new ArrayList<>();

    /** What a layer holds. */
    interface Content {
        void write(TarWriter tar) throws IOException;
    }

    /** How a container is started. */
    record Start(String user, String folder, List<String> command, Map<String, String> environment) {}

    private record Layer(String name, Path file, String digest, String unpackedDigest) {}

    OciImage(Path work, Instant time) {
        this.work = work;
        this.time = time;
    }

    void layer(String name, Content content) throws IOException {
        var file = work.resolve(layers.size() + "-" + name + ".tar.gz");
        var packed = sha256();
        var unpacked = sha256();
        try (var out = new TarWriter(
                new DigestOutputStream(
                        fastGzip(new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file)), packed)),
                        unpacked),
                time)) {
            content.write(out);
        }
        layers.add(new Layer(name, file, hex(packed), hex(unpacked)));
    }

    void write(Path target, String name, Start start) throws IOException {
        var config = """
                {"created":"%s","architecture":"%s","os":"linux",
                "config":{"User":"%s","WorkingDir":"%s","Entrypoint":[%s],"Env":[%s]},
                "rootfs":{"type":"layers","diff_ids":[%s]},
                "history":[%s]}
                """.formatted(
                        time,
                        architecture(),
                        start.user(),
                        start.folder(),
                        quoted(start.command()),
                        quoted(start.environment().entrySet().stream()
                                .map(Object::toString)
                                .sorted()
                                .toList()),
                        quoted(layers.stream()
                                .map(layer -> "sha256:" + layer.unpackedDigest())
                                .toList()),
                        layers.stream()
                                .map(layer ->
                                        "{\"created\":\"%s\",\"created_by\":\"%s\"}".formatted(time, layer.name()))
                                .collect(Collectors.joining(",")))
                .getBytes(StandardCharsets.UTF_8);
        List<String> described = new ArrayList<>();
        for (var layer : layers) {
            described.add(descriptor("layer.v1.tar+gzip", layer.digest(), Files.size(layer.file())));
        }
        var manifest = """
                {"schemaVersion":2,"mediaType":"%smanifest.v1+json","config":%s,
                "layers":[%s]}
                """.formatted(
                        TYPE, descriptor("config.v1+json", hex(config), config.length), String.join(",", described))
                .getBytes(StandardCharsets.UTF_8);
        var index = """
                {"schemaVersion":2,"mediaType":"%sindex.v1+json","manifests":[
                {"mediaType":"%smanifest.v1+json","digest":"sha256:%s","size":%d,
                "annotations":{"io.containerd.image.name":"docker.io/library/%s","org.opencontainers.image.ref.name":"%s"}}]}
                """.formatted(
                        TYPE, TYPE, hex(manifest), manifest.length, name, name.substring(name.indexOf(':') + 1))
                .getBytes(StandardCharsets.UTF_8);
        var docker = "[{\"Config\":\"%s\",\"RepoTags\":[\"%s\"],\"Layers\":[%s]}]\n"
                .formatted(
                        blob(hex(config)),
                        name,
                        quoted(layers.stream()
                                .map(layer -> blob(layer.digest()))
                                .toList()))
                .getBytes(StandardCharsets.UTF_8);
        try (var tar = new TarWriter(new BufferedOutputStream(Files.newOutputStream(target)), time)) {
            tar.file("oci-layout", 0644, "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
            tar.file("index.json", 0644, index);
            tar.file("manifest.json", 0644, docker);
            tar.file(blob(hex(manifest)), 0644, manifest);
            tar.file(blob(hex(config)), 0644, config);
            for (var layer : layers) {
                tar.file(blob(layer.digest()), layer.file());
            }
        }
    }

    static OutputStream fastGzip(OutputStream out) throws IOException {
        return new GZIPOutputStream(out, 1 << 16) {
            {
                def.setLevel(1);
            }
        };
    }

    private static String architecture() {
        var name = System.getProperty("os.arch");
        return name.equals("aarch64") ? "arm64" : name;
    }

    private static String descriptor(String type, String digest, long size) {
        return "{\"mediaType\":\"%s%s\",\"digest\":\"sha256:%s\",\"size\":%d}".formatted(TYPE, type, digest, size);
    }

    private static String quoted(List<String> texts) {
        return texts.stream().map(text -> '"' + text + '"').collect(Collectors.joining(","));
    }

    private static String blob(String digest) {
        return "blobs/sha256/" + digest;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String hex(byte[] content) {
        return HexFormat.of().formatHex(sha256().digest(content));
    }
}
