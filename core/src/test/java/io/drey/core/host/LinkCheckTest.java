package io.drey.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkCheckTest {
    private static final CallWatch WATCH = new CallWatch(CallWatch.Limits.within(Duration.ofSeconds(30)));

    @TempDir
    private Path plugins;

    @TempDir
    private Path store;

    private PluginHost host() {
        return new PluginHost(store, "0.1.0", Clock.systemUTC(), WATCH);
    }

    private PluginHost.Offer offer() {
        return new PluginHost.Offer(List.of(plugins), Map.of(), Set.of());
    }

    private List<String> problems() {
        var before = ran.toFile().list();
        var problems = catchThrowableOfType(PluginProblems.class, () -> host().load(offer()));
        assertThat(ran.toFile().list()).as("plugins that ran").containsExactlyInAnyOrder(before);
        return problems.problems().stream().map(PluginProblem::toString).toList();
    }

    private Path in(String name) {
        return plugins.resolve(name);
    }

    private Path library(String className) throws IOException {
        return PluginJars.empty()
                .source(
                        className,
                        "public class %s { public static class In {} }"
                                .formatted(className.substring(className.lastIndexOf('.') + 1)))
                .write(store.resolve(className + ".jar"));
    }

    @TempDir
    private Path ran;

    /** Notes it when its entry or the contribution is initialized. */
    private PluginJars unborn(String id, String body) {
        var notes = "new java.io.File(\"" + ran.resolve(id) + "\").mkdir();";
        return PluginJars.plugin(id, notes + " contributions.listener(Uses.class);")
                .source("p." + id + ".Uses", """
                        public final class Uses implements io.drey.spi.Listener {
                            static { %s }
                            public void onReport(io.drey.spi.Listener.ReconcileReport report) {}
                            %s
                        }
                        """.formatted(notes, body));
    }

    @Test
    void everyMissingClassIsToldBeforeAnythingRunsWithWhereToGetIt() throws IOException {
        var one = library("lib.one.One");
        var two = library("lib.two.Two");
        unborn("bare", "lib.one.One field; Object of(lib.one.One.In[] in) { return null; }")
                .sees(one)
                .write(in("bare.jar"));
        unborn("bare2", "void body() { Runnable r = lib.two.Two::new; Object o = new lib.two.Two.In[1][1]; }")
                .sees(two)
                .write(in("bare2.jar"));
        unborn("guava", "com.google.common.collect.ImmutableList<String> list() { return null; }")
                .write(in("guava.jar"));
        unborn("insider", "Object host(io.drey.core.host.PluginHost host) { return host.installed(); }")
                .write(in("insider.jar"));

        assertThat(problems())
                .containsExactlyInAnyOrder(
                        "plugin bare: classes lib.one.One, lib.one.One$In are missing, which p.bare.Uses needs."
                                + " Add the library that has it to the jar (scope compile)",
                        "plugin bare2: classes lib.two.Two, lib.two.Two$In are missing, which p.bare2.Uses needs."
                                + " Add the library that has it to the jar (scope compile)",
                        "plugin guava: class com.google.common.collect.ImmutableList is missing, which p.guava.Uses"
                                + " needs. com.google.guava:guava is not shared: change provided to compile",
                        "plugin insider: class io.drey.core.host.PluginHost is missing, which p.insider.Uses needs."
                                + " It is the operator's own. Use io.drey.spi only");
    }

    @Test
    void aClassOfAnotherPluginAsksForTheDependencyAndTheExport() throws IOException {
        var api = PluginJars.plugin("api", "")
                .with("Plugin-Exports", "p.api.open")
                .source("p.api.open.Open", "public interface Open {}")
                .source("p.api.Shut", "public interface Shut {}")
                .write(in("api.jar"));
        unborn("stranger", "p.api.open.Open open; p.api.Shut shut;").sees(api).write(in("stranger.jar"));
        unborn("nosy", "p.api.open.Open open; p.api.Shut shut;")
                .with("Plugin-Dependencies", "api")
                .sees(api)
                .write(in("nosy.jar"));

        assertThat(problems())
                .containsExactlyInAnyOrder(
                        "plugin stranger: class p.api.open.Open is missing, which p.stranger.Uses needs."
                                + " Declare the dependency on plugin api (Plugin-Dependencies: api)",
                        "plugin stranger: class p.api.Shut is missing, which p.stranger.Uses needs. Declare the"
                                + " dependency on plugin api (Plugin-Dependencies: api), and let plugin api export it"
                                + " (Plugin-Exports: p.api)",
                        "plugin nosy: class p.api.Shut is missing, which p.nosy.Uses needs."
                                + " Let plugin api export it (Plugin-Exports: p.api)");
    }

    @Test
    void whatIsNotInThisJavaOrNotInThisVersionOfWhatIsSharedIsSaid() throws IOException {
        var gone = PluginJars.empty()
                .source("javax.gone.Gone", "public class Gone {}")
                .source("io.drey.spi.Later", "public class Later {}")
                .source("com.fasterxml.jackson.other.Other", "public class Other {}")
                .write(store.resolve("gone.jar"));
        unborn("old", "javax.gone.Gone gone; io.drey.spi.Later later;")
                .sees(gone)
                .write(in("old.jar"));
        unborn("jackson", "com.fasterxml.jackson.other.Other other;")
                .sees(gone)
                .file("lib/jackson-other.jar", Files.readAllBytes(gone))
                .write(in("jackson.jar"));

        assertThat(problems())
                .satisfiesExactlyInAnyOrder(
                        problem -> assertThat(problem)
                                .contains("class javax.gone.Gone is missing", "It is not in this Java runtime"),
                        problem -> assertThat(problem)
                                .contains("class io.drey.spi.Later is missing", "with scope provided"),
                        problem -> assertThat(problem)
                                .contains(
                                        "class com.fasterxml.jackson.other.Other is missing",
                                        "The copy in jackson-other.jar does not count"));
    }

    @Test
    void aCopyOfWhatIsSharedBelongsIntoNoJar() throws IOException {
        unborn("fat", "").source("io.drey.spi.Gate", "public interface Gate {}").write(in("fat.jar"));

        assertThat(problems())
                .containsExactly("plugin fat: it brings io.drey.spi.Gate, which the operator shares with all plugins."
                        + " Take that library with scope provided");
    }

    @Test
    void callsThatCannotBeUndoneAreRefusedInThePluginAndLetThroughInItsLibraries() throws IOException {
        var library = PluginJars.empty()
                .source("lib.Exits", "public class Exits { public static void now() { System.exit(1); } }")
                .write(store.resolve("exits.jar"));
        unborn("bundles", "void body() { lib.Exits.now(); }")
                .sees(library)
                .file("lib/exits.jar", Files.readAllBytes(library))
                .write(in("bundles.jar"));

        try (var host = host()) {
            host.load(offer());
            assertThat(host.warnings("bundles"))
                    .containsExactly("plugin bundles: its library exits.jar has calls that cannot be undone:"
                            + " java.lang.System.exit");
        }

        unborn("exits", """
                        void a() { java.util.function.IntConsumer c = System::exit; }
                        void b() { Runtime.getRuntime().halt(1); }
                        void c() { Runtime.getRuntime().addShutdownHook(new Thread()); }
                        void d() { Thread.setDefaultUncaughtExceptionHandler(null); }
                        void e() { System.getProperty("read.only"); System.lineSeparator(); }
                        """).write(in("exits.jar"));

        assertThat(problems())
                .allSatisfy(problem -> assertThat(problem)
                        .startsWith("plugin exits: p.exits.Uses calls java.lang.")
                        .contains(", which cannot be undone. Remove it: "))
                .extracting(problem ->
                        problem.replaceFirst(".*calls java.lang.", "").replaceFirst(",.*", ""))
                .containsExactlyInAnyOrder(
                        "System.exit",
                        "Runtime.halt",
                        "Runtime.addShutdownHook",
                        "Thread.setDefaultUncaughtExceptionHandler");
    }

    @Test
    void anOptionalDependencyThatIsAbsentMayBeWhatHasTheClass() throws IOException {
        var library = library("lib.one.One");
        unborn("lenient", "void body() { new lib.one.One(); }")
                .sees(library)
                .with("Plugin-Dependencies", "absent?")
                .write(in("lenient.jar"));

        assertThat(host().load(offer())).hasSize(1);
    }

    @Test
    void aClassFileThatIsNoneIsNamed() throws IOException {
        PluginJars.plugin("odd", "")
                .file("p/odd/Odd.class", new byte[] {1, 2, 3, 4, 5})
                .write(in("odd.jar"));

        assertThat(problems())
                .containsExactly("plugin odd: p/odd/Odd.class cannot be read (it does not begin as a class file does),"
                        + " so it cannot be checked. Build the jar again");
    }
}
