package io.drey.distribution;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes a tar file (ustar) that is the same bytes for the same content: sorted, of root, all from one time. */
final class TarWriter implements Closeable {
    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final int LINK = 157;
    private static final int PREFIX = 345;
    private static final int PREFIX_LENGTH = 155;
    private static final int CHECKSUM = 148;

    private final OutputStream out;
    private final Instant time;
    private final Set<String> directories = new HashSet<>();

    TarWriter(OutputStream out, Instant time) {
        this.out = out;
        this.time = time;
    }

    /** A folder, and those above it. */
    void directory(String name, int mode) throws IOException {
        if (directories.contains(name)) {
            return;
        }
        parents(name);
        directories.add(name);
        header(name + "/", mode, 0, '5', "");
    }

    void file(String name, int mode, byte[] content) throws IOException {
        parents(name);
        header(name, mode, content.length, '0', "");
        out.write(content);
        pad(content.length);
    }

    /** A file as it is on disk, or what a symbolic link points to. */
    void file(String name, Path source) throws IOException {
        parents(name);
        long size = Files.size(source);
        header(name, Files.isExecutable(source) ? 0755 : 0644, size, '0', "");
        if (Files.copy(source, out) != size) {
            throw new IOException(source + " was changed while it was packed");
        }
        pad(size);
    }

    /** All below a folder; symbolic links stay links. */
    void tree(String name, Path source) throws IOException {
        directory(name, 0755);
        List<Path> children;
        try (var list = Files.list(source)) {
            children = list.sorted().toList();
        }
        for (var child : children) {
            var path = name + "/" + child.getFileName();
            if (Files.isSymbolicLink(child)) {
                header(path, 0777, 0, '2', Files.readSymbolicLink(child).toString());
            } else if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                tree(path, child);
            } else {
                file(path, child);
            }
        }
    }

    @Override
    public void close() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.close();
    }

    private void parents(String name) throws IOException {
        int slash = name.lastIndexOf('/');
        if (slash > 0) {
            directory(name.substring(0, slash), 0755);
        }
    }

    private void header(String name, int mode, long size, char type, String link) throws IOException {
        var header = new byte[BLOCK];
        int cut = name.length() <= NAME ? -1 : name.indexOf('/', name.length() - NAME - 1);
        put(header, 0, NAME, name.substring(cut + 1));
        put(header, PREFIX, PREFIX_LENGTH, cut < 0 ? "" : name.substring(0, cut));
        octal(header, 100, 8, mode);
        octal(header, 108, 8, 0);
        octal(header, 116, 8, 0);
        octal(header, 124, 12, size);
        octal(header, 136, 12, time.getEpochSecond());
        header[156] = (byte) type;
        put(header, LINK, NAME, link);
        put(header, 257, 8, "ustar\00000");
        put(header, CHECKSUM, 8, "        ");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        octal(header, CHECKSUM, 7, sum);
        out.write(header);
    }

    private static void put(byte[] header, int at, int length, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > length) {
            throw new IOException("too long for a tar file: " + text);
        }
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    private static void octal(byte[] header, int at, int length, long value) throws IOException {
        var digits = Long.toOctalString(value);
        put(header, at, length - 1, "0".repeat(Math.max(0, length - 1 - digits.length())) + digits);
    }

    private void pad(long size) throws IOException {
        out.write(new byte[(int) (-size & (BLOCK - 1))]);
    }
}
