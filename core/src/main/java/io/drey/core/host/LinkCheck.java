package io.drey.core.host;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds, before any code of a plugin runs, the classes that its own code needs and that are nowhere, and the calls in it
 * that no unloading could undo. Its libraries are only warned about: they name many optional classes that nobody needs.
 */
final class LinkCheck {
    private static final int NAMED = 5;
    private static final int REMEMBERED = 1000;

    /** What outlives the plugin, holds it in memory, or hits everybody in the process. */
    private static final Set<String> NOT_UNDONE = Set.of(
            "java.lang.System.exit",
            "java.lang.System.setProperty",
            "java.lang.System.setProperties",
            "java.lang.System.clearProperty",
            "java.lang.System.setIn",
            "java.lang.System.setOut",
            "java.lang.System.setErr",
            "java.lang.Runtime.exit",
            "java.lang.Runtime.halt",
            "java.lang.Runtime.addShutdownHook",
            "java.lang.Thread.setDefaultUncaughtExceptionHandler",
            "java.security.Security.addProvider",
            "java.security.Security.insertProviderAt",
            "java.security.Security.removeProvider",
            "java.security.Security.setProperty",
            "java.util.Locale.setDefault",
            "java.util.TimeZone.setDefault",
            "java.net.URL.setURLStreamHandlerFactory",
            "java.net.ProxySelector.setDefault",
            "java.net.Authenticator.setDefault",
            "javax.net.ssl.SSLContext.setDefault",
            "javax.net.ssl.HttpsURLConnection.setDefaultSSLSocketFactory");

    private static final String CALL_MEND =
            "Remove it: the operator, and what else runs in it, would be changed for good. Use the plugin's configuration,"
                    + " and AutoCloseable for what has to end";

    private final MissingClasses missing;
    private final Set<String> passed = new HashSet<>();

    LinkCheck(ClassLoader host) {
        this.missing = new MissingClasses(host);
    }

    /**
     * The plugins in which nothing is missing, in the given order. One that passed before, beside the same dependencies,
     * is not read again.
     *
     * @param jars in the order in which they are loaded
     * @param problems is added to
     */
    List<PluginJar> check(List<PluginJar> jars, List<PluginProblem> problems) {
        var byId = jars.stream().collect(Collectors.toMap(PluginJar::id, jar -> jar));
        if (passed.size() > REMEMBERED) {
            passed.clear();
        }
        List<PluginJar> good = new ArrayList<>();
        for (var jar : jars) {
            var dependencies = dependencies(jar, byId);
            var key = Stream.concat(Stream.of(jar), dependencies.stream())
                    .map(PluginJar::sha256)
                    .collect(Collectors.joining(" "));
            if (passed.contains(key) || passes(jar, dependencies, jars, problems)) {
                passed.add(key);
                good.add(jar);
            }
        }
        return good;
    }

    private static List<PluginJar> dependencies(PluginJar jar, Map<String, PluginJar> byId) {
        return jar.descriptor().getDependencies().stream()
                .map(dependency -> byId.get(dependency.getPluginId()))
                .filter(each -> each != null)
                .toList();
    }

    private boolean passes(
            PluginJar jar, List<PluginJar> dependencies, List<PluginJar> all, List<PluginProblem> problems) {
        List<PluginProblem> found = new ArrayList<>();
        try (var parts = new PluginParts(jar)) {
            Map<String, String> needed = new TreeMap<>();
            Map<String, String> calls = new TreeMap<>();
            Set<String> copies = new TreeSet<>();
            parts.own(refs -> {
                refs.classes().forEach(name -> needed.putIfAbsent(name, refs.name()));
                refs.calls().stream()
                        .filter(NOT_UNDONE::contains)
                        .forEach(call -> calls.putIfAbsent(call, refs.name()));
                if (SharedClasses.shares(refs.name())) {
                    copies.add(refs.name());
                }
            });
            if (!copies.isEmpty()) {
                found.add(new PluginProblem(
                        where(jar),
                        "it brings " + some(copies) + ", which the operator shares with all plugins",
                        "Take that library with scope provided"));
            }
            calls.forEach((call, by) -> found.add(
                    new PluginProblem(where(jar), by + " calls " + call + ", which cannot be undone", CALL_MEND)));
            try (var others = new Others(jar, dependencies, all)) {
                found.addAll(missing(jar, needed, parts, others));
            }
        } catch (IOException e) {
            found.add(
                    new PluginProblem(where(jar), e.getMessage() + ", so it cannot be checked", "Build the jar again"));
        }
        problems.addAll(found);
        return found.isEmpty();
    }

    private List<PluginProblem> missing(PluginJar jar, Map<String, String> needed, PluginParts parts, Others others)
            throws IOException {
        Map<String, Map<String, String>> byMend = new LinkedHashMap<>();
        for (var need : needed.entrySet()) {
            var name = need.getKey();
            if (!missing.hostHas(name) && !others.exported(name) && !(parts.has(name) && !SharedClasses.shares(name))) {
                byMend.computeIfAbsent(missing.mend(name, parts, others), mend -> new TreeMap<>())
                        .put(name, need.getValue());
            }
        }
        if (others.oneIsOptionalAndAbsent()) {
            // It may be the one that has them.
            byMend.remove(MissingClasses.ADD);
        }
        List<PluginProblem> found = new ArrayList<>();
        byMend.forEach((mend, names) -> found.add(new PluginProblem(
                where(jar),
                (names.size() == 1 ? "class " : "classes ") + some(names.keySet())
                        + (names.size() == 1 ? " is" : " are") + " missing, which "
                        + names.values().iterator().next() + " needs",
                mend)));
        return found;
    }

    private static String where(PluginJar jar) {
        return "plugin " + jar.id();
    }

    private static String some(Set<String> names) {
        var some = names.stream().limit(NAMED).collect(Collectors.joining(", "));
        return names.size() > NAMED ? some + " and " + (names.size() - NAMED) + " more" : some;
    }

    /**
     * What the libraries of a plugin do that cannot be undone, which they are let. Takes seconds when they are large.
     *
     * @throws IOException when the jar is not there any more
     */
    static List<String> warnings(PluginJar jar) throws IOException {
        List<String> warnings = new ArrayList<>();
        for (var library : jar.libraries()) {
            Set<String> calls = new TreeSet<>();
            PluginParts.calls(library, call -> {
                if (NOT_UNDONE.contains(call)) {
                    calls.add(call);
                }
            });
            if (!calls.isEmpty()) {
                warnings.add("plugin " + jar.id() + ": its library " + library.getFileName()
                        + " has calls that cannot be undone: " + some(calls));
            }
        }
        return warnings;
    }
}
