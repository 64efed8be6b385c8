package io.drey.core.cli;

import io.drey.core.engine.SwapCheck;
import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.Generations.Entered;
import io.drey.core.host.PluginHost.Installed;
import io.drey.core.host.PluginProblem;
import io.drey.core.host.PluginWatch;
import io.drey.core.host.Transition;
import io.drey.core.kubernetes.InformerCache;
import io.drey.core.kubernetes.InformerCache.WhenRefused;
import io.drey.core.kubernetes.OperatorEvents;
import io.drey.core.port.Schedule;
import io.drey.core.port.Schedule.Priority;
import io.drey.spi.FactSource.Watch;
import io.drey.spi.ResourceKind;
import io.drey.spi.plan.Event;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens around an exchange of plugins while the operator runs. */
final class Exchange implements Transition, PluginWatch.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final String COMPONENT = "Plugins";

    private final InformerCache informers;
    private final Schedule schedule;
    private final OperatorEvents events;
    private final SwapCheck check;
    private volatile boolean forced;

    @Inject
    Exchange(InformerCache informers, Schedule schedule, OperatorEvents events, SwapCheck check) {
        this.check = check;
        this.informers = informers;
        this.schedule = schedule;
        this.events = events;
    }

    /** Whether an exchange goes on although resources would be touched. */
    void force(boolean whether) {
        forced = whether;
    }

    /** As {@link #watch(Entered, WhenRefused)}, with {@link WhenRefused#FAIL}. */
    void watch(Entered generation) {
        watch(generation, WhenRefused.FAIL);
    }

    /** Watches what this generation needs, beside what is watched already. */
    void watch(Entered generation, WhenRefused whenRefused) {
        var features = generation.platform();
        informers.watch(features.kinds().values(), watches(List.of(features)), whenRefused);
        if (generation.readsNamespaceLabels()) {
            informers.watchNamespaceLabels();
        }
    }

    private static List<Watch> watches(Collection<FeatureSet> sets) {
        List<Watch> watches = new ArrayList<>();
        for (var features : sets) {
            features.factSources().forEach(source -> watches.addAll(source.needs()));
        }
        return watches;
    }

    @Override
    public List<PluginProblem> prepare(Entered next, Entered current) {
        try {
            watch(next);
        } catch (IllegalStateException e) {
            return List.of(unwatchable(e));
        }
        var findings = SwapCheck.lines(check.firstFindings(next, current));
        if (forced) {
            findings.forEach(finding -> LOG.warn("the exchange of plugins is forced, though {}", finding));
            return List.of();
        }
        return findings.stream()
                .map(finding -> new PluginProblem(
                        "plugins", finding, "Check the new plugins, or set drey.plugins.swap: force for this exchange"))
                .toList();
    }

    /** What a plugin needs to watch is not there, or not permitted. */
    static PluginProblem unwatchable(IllegalStateException why) {
        return new PluginProblem(
                "plugins",
                String.valueOf(why.getMessage()),
                "Give the operator what the plugin needs; it is tried again by itself");
    }

    @Override
    public void swapped(FeatureSet now) {
        informers.resources().forEach(ref -> schedule.enqueue(ref, Priority.EVENT));
    }

    @Override
    public void retired(Collection<FeatureSet> left) {
        List<ResourceKind<?>> kinds = new ArrayList<>();
        left.forEach(features -> kinds.addAll(features.kinds().values()));
        informers.retain(kinds, watches(left));
    }

    @Override
    public void changed(List<Installed> plugins) {
        var now = plugins.stream()
                .map(plugin -> plugin.id() + " " + plugin.version())
                .sorted()
                .collect(Collectors.joining(", "));
        LOG.info("plugins at work: {}", now);
        events.tell(Event.normal(COMPONENT, "PluginsChanged", "At work: " + now));
    }

    @Override
    public void refused(List<PluginProblem> problems) {
        LOG.error("a change of plugins is refused, those at work go on, for {} reason(s):", problems.size());
        problems.forEach(problem -> LOG.error("  {}", problem));
        events.tell(Event.warning(
                COMPONENT,
                "PluginsRefused",
                "Those at work go on. "
                        + problems.stream().map(PluginProblem::toString).collect(Collectors.joining(" "))));
    }
}
