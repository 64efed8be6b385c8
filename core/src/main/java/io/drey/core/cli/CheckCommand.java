package io.drey.core.cli;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.drey.core.config.OperatorConfig;
import io.drey.core.host.CallWatch;
import io.drey.core.host.PluginHost;
import io.drey.core.host.PluginHost.Offer;
import io.drey.core.host.PluginProblem;
import io.drey.core.host.PluginProblems;
import io.drey.core.host.PluginsReport;
import io.drey.core.integrity.Integrity;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drey plugins check}: whether an operator would take these jars, without an operator. */
@Command(
        name = "check",
        description =
                "Checks plugin jars without an operator: manifest, classes, calls, integrity, and whether they fit"
                        + " together with the installed plugins. Loads them, so code of theirs runs.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "FILE.jar",
            description = "The jars. An installed plugin with the same id counts as replaced.")
    private List<Path> jars = List.of();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The operator's configuration. Default: the folder that the environment's FLINK_CONF_DIR names.")
    private @Nullable Path config;

    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            description =
                    "Folder with the installed plugins. May be given more than once. Default: plugins and plugins.d"
                            + " below the folder that the environment's DREY_HOME names.")
    private @Nullable List<Path> plugins;

    @Mixin
    private Output output = new Output();

    /**
     * What was found.
     *
     * @param fit whether an operator would take them
     * @param integrity whether it was checked that somebody vouches for them
     * @param plugins those that were given; empty when something is wrong
     * @param problems everything that is
     * @param warnings what is let through
     */
    record Result(
            boolean fit,
            String integrity,
            List<PluginsReport.Plugin> plugins,
            List<PluginProblem> problems,
            List<String> warnings) {}

    @Override
    public Integer call() throws IOException {
        for (var jar : jars) {
            if (!Files.isRegularFile(jar)) {
                throw new IllegalArgumentException("there is no file " + jar);
            }
        }
        var sources = new Sources(Optional.ofNullable(config), Optional.ofNullable(plugins), System.getenv());
        var result = check(sources.read(), sources);
        output.print(result, out -> print(out, result));
        return result.fit() ? 0 : 1;
    }

    private Result check(OperatorConfig settings, Sources sources) throws IOException {
        var offer = sources.offer(settings);
        var mode = settings.integrity().mode();
        var integrity = mode == Integrity.Mode.OFF
                ? "not checked: drey.plugins.integrity is off"
                : "checked: drey.plugins.integrity is " + mode.name().toLowerCase(Locale.ROOT);
        var store = Files.createTempDirectory("drey-check");
        try (var watch = new CallWatch(CallWatch.Limits.within(settings.pluginDeadline()));
                var host = new PluginHost(store, DreyVersion.current(), Clock.systemUTC(), watch)) {
            var together = new ArrayList<>(PluginHost.without(offer.directories(), jars));
            together.addAll(jars);
            host.load(new Offer(
                    together,
                    offer.configuration(),
                    // Nobody said where the rest of the plugins are.
                    offer.directories().isEmpty() ? Set.of() : offer.required(),
                    offer.integrity(),
                    offer.folder()));
            var given = host.report(List.of()).plugins().stream()
                    .filter(plugin -> jars.contains(Path.of(plugin.file())))
                    .toList();
            var warnings = given.stream()
                    .flatMap(plugin -> host.warnings(plugin.id()).stream())
                    .toList();
            return new Result(true, integrity, given, List.of(), warnings);
        } catch (PluginProblems e) {
            return new Result(false, integrity, List.of(), e.problems(), List.of());
        } finally {
            MoreFiles.deleteRecursively(store, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    private static void print(PrintWriter out, Result result) {
        for (var plugin : result.plugins()) {
            out.println("plugin " + plugin.id() + " " + plugin.version() + " fits: " + plugin.contributions());
            out.println("  sha256 " + plugin.sha256());
        }
        result.warnings().forEach(warning -> out.println("Warning: " + warning));
        if (!result.fit()) {
            out.println(
                    "An operator would refuse this, for " + result.problems().size() + " reason(s):");
            result.problems().forEach(problem -> out.println("  - " + problem));
        }
        out.println("Integrity " + result.integrity());
    }
}
