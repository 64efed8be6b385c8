package io.drey.core.host;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What one class file refers to, read from its constant pool and the descriptors of its fields and methods. Nothing of
 * it is loaded.
 *
 * @param name of the class, with dots
 * @param classes that it names, with dots
 * @param calls methods that it calls or points to, as {@code java.lang.System.exit}
 */
record ClassRefs(String name, Set<String> classes, Set<String> calls) {
    private static final int MAGIC = 0xCAFEBABE;
    private static final Pattern IN_DESCRIPTOR = Pattern.compile("L([^;<>()]+);");

    ClassRefs {
        classes = Set.copyOf(classes);
        calls = Set.copyOf(calls);
    }

    /**
     * Reads a class file.
     *
     * @throws IOException also when it is none, or one of a Java that is not known yet
     */
    static ClassRefs read(InputStream file) throws IOException {
        var in = new DataInputStream(file);
        var pool = pool(in);
        in.readUnsignedShort();
        var name = dotted(pool.className(in.readUnsignedShort()));
        in.readUnsignedShort();
        skip(in, 2L * in.readUnsignedShort());
        Set<String> classes = new TreeSet<>();
        members(in, pool, classes);
        members(in, pool, classes);
        pool.collect(classes);
        Set<String> calls = new TreeSet<>();
        pool.calls(calls::add);
        return new ClassRefs(name, classes, calls);
    }

    /** Only the calls, which is faster. */
    static void calls(InputStream file, Consumer<String> each) throws IOException {
        pool(new DataInputStream(file)).calls(each);
    }

    private static Pool pool(DataInputStream in) throws IOException {
        if (in.readInt() != MAGIC) {
            throw new IOException("it does not begin as a class file does");
        }
        in.readInt();
        return Pool.read(in);
    }

    /** Fields, or methods. */
    private static void members(DataInputStream in, Pool pool, Set<String> classes) throws IOException {
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            in.readInt();
            descriptor(pool.text(in.readUnsignedShort()), classes);
            for (int attributes = in.readUnsignedShort(); attributes > 0; attributes--) {
                in.readUnsignedShort();
                skip(in, Integer.toUnsignedLong(in.readInt()));
            }
        }
    }

    private static void skip(DataInputStream in, long bytes) throws IOException {
        in.skipNBytes(bytes);
    }

    private static void descriptor(String text, Set<String> classes) {
        var matcher = IN_DESCRIPTOR.matcher(text);
        while (matcher.find()) {
            classes.add(dotted(matcher.group(1)));
        }
    }

    private static String dotted(String internal) {
        return internal.replace('/', '.');
    }

    /** A constant pool: of each entry its tag, its text if it is one, and up to two indexes of other entries. */
    private record Pool(int[] tags, String[] texts, int[] first, int[] second) {
        private static final int UTF8 = 1;
        private static final int LONG = 5;
        private static final int DOUBLE = 6;
        private static final int CLASS = 7;
        private static final int METHOD = 10;
        private static final int INTERFACE_METHOD = 11;
        private static final int NAME_AND_TYPE = 12;
        private static final int METHOD_TYPE = 16;

        static Pool read(DataInputStream in) throws IOException {
            int count = in.readUnsignedShort();
            var pool = new Pool(new int[count], new String[count], new int[count], new int[count]);
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                pool.tags[i] = tag;
                switch (tag) {
                    case UTF8 -> pool.texts[i] = in.readUTF();
                    case 3, 4 -> in.readInt();
                    case LONG, DOUBLE -> {
                        in.readLong();
                        // It takes two places.
                        i++;
                    }
                    case CLASS, 8, METHOD_TYPE, 19, 20 -> pool.first[i] = in.readUnsignedShort();
                    case 9, METHOD, INTERFACE_METHOD, NAME_AND_TYPE, 17, 18 -> {
                        pool.first[i] = in.readUnsignedShort();
                        pool.second[i] = in.readUnsignedShort();
                    }
                    case 15 -> {
                        in.readUnsignedByte();
                        in.readUnsignedShort();
                    }
                    default -> throw new IOException("constant " + tag + " is not known");
                }
            }
            return pool;
        }

        String text(int index) throws IOException {
            var text = index > 0 && index < texts.length ? texts[index] : null;
            if (text == null) {
                throw new IOException("constant " + index + " is no text");
            }
            return text;
        }

        /** With slashes; of an array what its descriptor says. */
        String className(int index) throws IOException {
            return text(first[index]);
        }

        void collect(Set<String> classes) throws IOException {
            for (int i = 1; i < tags.length; i++) {
                if (tags[i] == CLASS) {
                    var name = className(i);
                    if (name.startsWith("[")) {
                        descriptor(name, classes);
                    } else {
                        classes.add(dotted(name));
                    }
                } else if (tags[i] == METHOD_TYPE) {
                    descriptor(text(first[i]), classes);
                } else if (tags[i] == NAME_AND_TYPE) {
                    descriptor(text(second[i]), classes);
                }
            }
        }

        void calls(Consumer<String> each) throws IOException {
            for (int i = 1; i < tags.length; i++) {
                if (tags[i] == METHOD || tags[i] == INTERFACE_METHOD) {
                    each.accept(dotted(className(first[i])) + "." + text(first[second[i]]));
                }
            }
        }
    }
}
