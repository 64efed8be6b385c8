package io.drey.docs;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * A test method or class that has {@code @Tag("S225")}. They are read from the sources, so that no module need be built.
 *
 * @param scenario the tag
 * @param member of the outermost class: {@code method}, {@code Nested.method}; empty for that class itself
 * @param file from the root of the repository
 */
record TaggedTest(String scenario, String member, Path file) {
    /** The outermost class. */
    String type() {
        return file.getFileName().toString().replace(".java", "");
    }

    /** All tags that look like a scenario's id, in the order of files and lines. */
    static List<TaggedTest> in(Path repository) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        List<TaggedTest> found = new ArrayList<>();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var sources = files.getJavaFileObjectsFromPaths(sources(repository));
            for (var unit : ((JavacTask) compiler.getTask(null, files, null, null, null, sources)).parse()) {
                var file = repository.relativize(Path.of(unit.getSourceFile().toUri()));
                unit.accept(new Tags(file, found), "");
            }
        }
        return found;
    }

    private static List<Path> sources(Path repository) throws IOException {
        try (Stream<Path> tree = Files.walk(repository)) {
            return tree.filter(file -> file.toString().endsWith(".java")
                            && file.toString().contains("/src/test/java/")
                            && !repository.relativize(file).toString().contains("target/")
                            && mentionsATag(file))
                    .sorted()
                    .toList();
        }
    }

    private static boolean mentionsATag(Path file) {
        try {
            return Files.readString(file).contains("@Tag(\"S");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its argument is the member that it is in, with a dot; empty in the outermost class. */
    private static final class Tags extends TreeScanner<Void, String> {
        private final Path file;
        private final List<TaggedTest> found;

        Tags(Path file, List<TaggedTest> found) {
            this.file = file;
            this.found = found;
        }

        @Override
        public Void visitCompilationUnit(CompilationUnitTree unit, String none) {
            for (var type : unit.getTypeDecls()) {
                if (type instanceof ClassTree outermost) {
                    add(outermost.getModifiers(), none);
                    scan(outermost.getMembers(), none);
                }
            }
            return null;
        }

        @Override
        public Void visitClass(ClassTree type, String outer) {
            var name = outer + type.getSimpleName();
            add(type.getModifiers(), name);
            return scan(type.getMembers(), name + ".");
        }

        @Override
        public Void visitMethod(MethodTree method, String outer) {
            add(method.getModifiers(), outer + method.getName());
            return null;
        }

        private void add(ModifiersTree modifiers, String member) {
            for (AnnotationTree annotation : modifiers.getAnnotations()) {
                if (annotation.getAnnotationType().toString().equals("Tag")
                        && annotation.getArguments().getFirst() instanceof LiteralTree literal
                        && literal.getValue() instanceof String tag
                        && tag.matches("S\\d.*")) {
                    found.add(new TaggedTest(tag, member, file));
                }
            }
        }
    }
}
