package io.drey.core.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.inject.Guice;
import io.drey.core.config.OperatorConfig;
import io.drey.core.host.CallWatch;
import io.drey.core.host.PluginHost;
import io.drey.core.host.PluginHost.Offer;
import io.drey.core.host.PluginProblem;
import io.drey.core.host.PluginProblems;
import io.drey.core.host.PluginsReport;
import io.drey.core.integrity.Integrity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
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
                        + " together with the installed plugins. With --against-cluster also what the exchange would"
                        + " do to the resources there. Loads them, so code of theirs runs. Ends with 0 when an operator"
                        + " would take them, else with 1.",
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

    @Option(
            names = "--against-cluster",
            description =
                    "Also decides for all resources of a live cluster, with the plugins that are installed and with"
                            + " these, and shows where an operation would start by itself, or end halfway. Only reads. Wants the"
                            + " operator's own --config and --plugins, as they are in its pod.")
    private boolean againstCluster;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "How to reach the cluster. Default: as kubectl does it, else the pod's service account.")
    private @Nullable Path kubeconfig;

    @Option(names = "--context", paramLabel = "NAME", description = "Of the kubeconfig. Default: its current one.")
    private @Nullable String context;

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
     * @param cluster what would happen there; null when it was not asked for, or not come to
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Result(
            boolean fit,
            String integrity,
            List<PluginsReport.Plugin> plugins,
            List<PluginProblem> problems,
            List<String> warnings,
            ClusterCheck.@Nullable Result cluster) {}

    @Override
    public Integer call() throws IOException {
        for (var jar : jars) {
            if (!Files.isRegularFile(jar)) {
                throw new IllegalArgumentException("there is no file " + jar);
            }
        }
        if (!againstCluster && (kubeconfig != null || context != null)) {
            throw new IllegalArgumentException(
                    "--kubeconfig and --context are for --against-cluster, which is not given");
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
        try (var parts = new Parts()) {
            var watch = new CallWatch(CallWatch.Limits.within(settings.pluginDeadline()));
            parts.add(watch);
            var host = new PluginHost(store, DreyVersion.current(), Clock.systemUTC(), watch);
            parts.add(host);
            var together = new ArrayList<>(PluginHost.without(offer.directories(), jars));
            together.addAll(jars);
            var next = new Offer(
                    together,
                    offer.configuration(),
                    // Nobody said where the rest of the plugins are.
                    offer.directories().isEmpty() ? Set.of() : offer.required(),
                    offer.integrity(),
                    offer.folder());
            var cluster = againstCluster ? exchanged(host, watch, parts, settings, sources, offer, next) : null;
            if (!againstCluster) {
                host.load(next);
            }
            var given = host.report(List.of()).plugins().stream()
                    .filter(plugin -> jars.contains(Path.of(plugin.file())))
                    .toList();
            var warnings = given.stream()
                    .flatMap(plugin -> host.warnings(plugin.id()).stream())
                    .toList();
            var harmless = cluster == null || cluster.findings().isEmpty();
            return new Result(harmless, integrity, given, List.of(), warnings, cluster);
        } catch (PluginProblems e) {
            return new Result(false, integrity, List.of(), e.problems(), List.of(), null);
        } finally {
            MoreFiles.deleteRecursively(store, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    /** Loads what is installed, exchanges it for what would be, and says what that would do to the resources of a cluster. */
    private ClusterCheck.Result exchanged(
            PluginHost host,
            CallWatch watch,
            Parts parts,
            OperatorConfig settings,
            Sources sources,
            Offer installed,
            Offer next) {
        if (loaded(host, installed).isEmpty()) {
            throw new IllegalArgumentException(
                    "--against-cluster compares with the installed plugins, and there are none:"
                            + " start it with bin/drey of the operator, which knows where they are, or name folders with"
                            + " --plugins");
        }
        var client = KubernetesClients.readOnly(Optional.ofNullable(kubeconfig), Optional.ofNullable(context));
        parts.add(client);
        answers(client);
        var check = Guice.createInjector(
                        new OperatorModule(settings, sources, client, host, watch, parts),
                        binder -> binder.bind(ClusterCheck.class))
                .getInstance(ClusterCheck.class);
        check.start();
        host.onChange(check);
        host.change(next);
        return check.result();
    }

    /** Said at once and in a line, where an informer would try for a minute. */
    private static void answers(KubernetesClient client) {
        try {
            client.getKubernetesVersion();
        } catch (KubernetesClientException e) {
            throw new IllegalArgumentException(
                    "the cluster at " + client.getMasterUrl() + " does not answer: " + e.getMessage(), e);
        }
    }

    private static List<PluginHost.Installed> loaded(PluginHost host, Offer installed) {
        try {
            return host.load(installed);
        } catch (PluginProblems e) {
            throw new IllegalArgumentException("the installed plugins themselves cannot be used: " + e.getMessage(), e);
        }
    }

    private static void print(PrintWriter out, Result result) {
        for (var plugin : result.plugins()) {
            out.println("plugin " + plugin.id() + " " + plugin.version() + " fits: " + plugin.contributions());
            out.println("  sha256 " + plugin.sha256());
        }
        result.warnings().forEach(warning -> out.println("Warning: " + warning));
        Optional.ofNullable(result.cluster()).ifPresent(cluster -> print(out, cluster));
        if (!result.problems().isEmpty()) {
            out.println(
                    "An operator would refuse this, for " + result.problems().size() + " reason(s):");
            result.problems().forEach(problem -> out.println("  - " + problem));
        }
        out.println("Integrity " + result.integrity());
    }

    private static void print(PrintWriter out, ClusterCheck.Result cluster) {
        out.println();
        if (cluster.findings().isEmpty()) {
            out.println("Nothing would start by itself: " + cluster.resources() + " resource(s) looked at");
        } else {
            out.println("An operator would refuse this, for what would happen to "
                    + cluster.findings().size() + " of " + cluster.resources() + " resource(s):");
            Output.table(
                    out,
                    List.of("NAMESPACE", "KIND", "NAME", "EFFECT", "DETAIL"),
                    cluster.findings().stream()
                            .map(finding -> List.of(
                                    finding.resource().namespace(),
                                    finding.resource().kind(),
                                    finding.resource().name(),
                                    finding.effect().name(),
                                    finding.detail()))
                            .toList());
            out.println("Let them come to rest, change the plugins, or set drey.plugins.swap: force for this exchange");
        }
        if (cluster.unreachable() > 0) {
            out.println("Warning: " + cluster.unreachable() + " of " + cluster.jobManagers()
                    + " JobManager(s) did not answer from here; what depends on their jobs is not known. In the"
                    + " operator's pod they do");
        }
        out.println();
    }
}
