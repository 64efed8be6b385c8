package io.drey.spi.api;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.TypeVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What others can compile against, as text: a line for each type and for each member of it that they can see. */
final class ApiListing {
    private static final Set<String> EVERYWHERE = Set.of("equals", "hashCode", "toString");

    private ApiListing() {}

    /** Of all classes below a folder, in the order of their names. */
    static String of(Path classes) throws IOException {
        try (var files = Files.walk(classes)) {
            return files.map(file -> classes.relativize(file).toString())
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .sorted()
                    .map(ApiListing::load)
                    .filter(ApiListing::isVisible)
                    .map(ApiListing::of)
                    .collect(joining("\n"));
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ApiListing.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isVisible(Class<?> type) {
        for (Class<?> outer = type; outer != null; outer = outer.getEnclosingClass()) {
            if (!isVisible(outer.getModifiers()) || outer.isAnonymousClass() || outer.isLocalClass()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    static String of(Class<?> type) {
        List<String> members = new ArrayList<>();
        Stream.of(type.getDeclaredFields())
                .filter(field -> isVisible(field.getModifiers()) && !field.isSynthetic())
                .map(ApiListing::of)
                .forEach(members::add);
        Stream.of(type.getDeclaredConstructors())
                .filter(constructor -> isVisible(constructor.getModifiers()) && !constructor.isSynthetic())
                .map(ApiListing::of)
                .forEach(members::add);
        Stream.of(type.getDeclaredMethods())
                .filter(method -> isVisible(method.getModifiers())
                        && !method.isSynthetic()
                        && !EVERYWHERE.contains(method.getName()))
                .map(ApiListing::of)
                .forEach(members::add);
        return header(type) + "\n"
                + members.stream().sorted().map(line -> "  " + line + "\n").collect(joining());
    }

    private static String header(Class<?> type) {
        boolean plain = !type.isInterface() && !type.isRecord() && !type.isEnum();
        var declared = type.toGenericString();
        var text = new StringBuilder(plain ? declared : declared.replaceAll("\\b(abstract|static) ", ""));
        if (plain && type.getSuperclass() != Object.class) {
            text.append(" extends ").append(type.getAnnotatedSuperclass());
        }
        if (type.getInterfaces().length > 0) {
            text.append(" implements ").append(types(type.getAnnotatedInterfaces()));
        }
        if (type.isSealed()) {
            text.append(" permits ")
                    .append(Arrays.stream(type.getPermittedSubclasses())
                            .map(Class::getTypeName)
                            .sorted()
                            .collect(joining(", ")));
        }
        return type.getPackageName() + ": " + shortened(text.toString());
    }

    private static String of(Field field) {
        return shortened(
                Modifier.toString(field.getModifiers()) + " " + field.getAnnotatedType() + " " + field.getName());
    }

    private static String of(Constructor<?> constructor) {
        return shortened(Modifier.toString(constructor.getModifiers()) + " new" + parameters(constructor));
    }

    private static String of(Method method) {
        return shortened((method.isDefault() ? "default " : "")
                + modifiers(method) + " " + variables(method)
                + method.getAnnotatedReturnType() + " " + method.getName() + parameters(method));
    }

    /** In an interface a method is abstract unless it says otherwise. */
    private static String modifiers(Method method) {
        int modifiers = method.getModifiers() & Modifier.methodModifiers();
        return Modifier.toString(method.getDeclaringClass().isInterface() ? modifiers & ~Modifier.ABSTRACT : modifiers);
    }

    private static String variables(Method method) {
        return method.getTypeParameters().length == 0
                ? ""
                : Arrays.stream(method.getTypeParameters()).map(ApiListing::of).collect(joining(", ", "<", "> "));
    }

    private static String of(TypeVariable<?> variable) {
        var bounds = types(variable.getAnnotatedBounds());
        return bounds.equals("java.lang.Object") ? variable.getName() : variable.getName() + " extends " + bounds;
    }

    private static String parameters(Executable executable) {
        var thrown = executable.getAnnotatedExceptionTypes();
        return "(" + types(executable.getAnnotatedParameterTypes()) + (executable.isVarArgs() ? " ..." : "") + ")"
                + (thrown.length == 0 ? "" : " throws " + types(thrown));
    }

    private static String types(AnnotatedType[] types) {
        return Arrays.stream(types).map(AnnotatedType::toString).collect(joining(", "));
    }

    /** Simple names, except for types that nobody knows by them. */
    private static String shortened(String text) {
        return text.replace("@org.jspecify.annotations.Nullable()", "@Nullable")
                .replaceAll(
                        "\\b(java\\.(lang|io|util|time|util\\.function)|com\\.fasterxml\\.jackson\\.databind(\\.node)?|io\\.drey\\.spi(\\.[a-z]+)*)\\.(?=[A-Z@])",
                        "")
                .replace('$', '.')
                .replaceAll("\\bpublic ", "");
    }
}
