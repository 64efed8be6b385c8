package io.drey.core.host;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.config.ConfigurationFolder;
import io.drey.spi.FactSource;
import io.drey.spi.FeaturePolicy;
import io.drey.spi.FeaturePolicy.PluginSet;
import io.drey.spi.ResourceKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Builds the sets of plugins of one generation: the platform's first, then those that its feature policy names. Once. */
final class SetsBuild {
    private final Inventory inventory;
    private final Map<String, JsonNode> configuration;
    private final ConfigurationFolder folder;
    private final LinkCheck links;
    private final PluginLoading loading;
    private final Set<LoadedPlugin> there;
    private final List<PluginProblem> problems;
    private final Set<LoadedPlugin> loaded = new LinkedHashSet<>();
    private final Set<PluginJar> used = new HashSet<>();
    private List<String> featureNames = List.of();

    /**
     * @param folder that plugins may ask for files of
     * @param there plugins that are loaded already
     * @param problems is added to, each once
     */
    SetsBuild(
            Inventory inventory,
            Map<String, JsonNode> configuration,
            ConfigurationFolder folder,
            LinkCheck links,
            PluginLoading loading,
            List<LoadedPlugin> there,
            List<PluginProblem> problems) {
        this.inventory = inventory;
        this.configuration = configuration;
        this.folder = folder;
        this.links = links;
        this.loading = loading;
        this.there = new LinkedHashSet<>(there);
        this.problems = problems;
    }

    PluginSets build() {
        var plugins = load(inventory.newest(), configuration, "");
        var assembly = assemble(plugins, "");
        featureNames = assembly.featureNames();
        Map<String, List<Contributed>> others = new LinkedHashMap<>();
        for (var set : sets(assembly.policy())) {
            others.put(set.name(), contributed(other(set, plugins)));
        }
        inventory.idle(used, problems);
        return new PluginSets(contributed(plugins), assembly.build(), others, assembly.policy());
    }

    /** All plugins of all sets, each after those that it needs. */
    List<LoadedPlugin> loaded() {
        return List.copyOf(loaded);
    }

    List<String> featureNames() {
        return featureNames;
    }

    private List<PluginSet> sets(Optional<FeaturePolicy> policy) {
        try {
            return policy.map(FeaturePolicy::sets).orElse(List.of());
        } catch (RuntimeException e) {
            problems.add(new PluginProblem("feature policy", String.valueOf(e.getMessage()), "Mend its configuration"));
            return List.of();
        }
    }

    private List<LoadedPlugin> other(PluginSet set, List<LoadedPlugin> platformPlugins) {
        var where = "plugins of " + set.name();
        set.configuration().keySet().stream()
                .filter(id -> !inventory.jars().containsKey(id))
                .forEach(id -> problems.add(new PluginProblem(
                        where,
                        "plugins." + id + " configures a plugin that is not there",
                        "Present: " + String.join(", ", inventory.jars().keySet()))));
        Map<String, JsonNode> sections = new HashMap<>(configuration);
        sections.putAll(set.configuration());
        var plugins = load(inventory.with(where, set.versions(), problems), sections, where);
        for (var plugin : plugins) {
            if (!platformPlugins.contains(plugin) && forEverybody(plugin)) {
                problems.add(new PluginProblem(
                        where,
                        "plugin " + plugin.id() + " brings kinds of resources or watches, which there are once for all",
                        "Let it be the platform's"));
            }
        }
        assemble(plugins, where);
        return plugins;
    }

    private static boolean forEverybody(LoadedPlugin plugin) {
        var contributed = plugin.contributed();
        return !contributed.of(ResourceKind.class).isEmpty()
                || !contributed.of(FactSource.class).isEmpty()
                || !contributed.of(FeaturePolicy.class).isEmpty();
    }

    private List<LoadedPlugin> load(Map<String, PluginJar> jars, Map<String, JsonNode> sections, String where) {
        List<PluginProblem> found = new ArrayList<>();
        var plugins = loading.load(
                links.check(LoadOrder.of(jars, inventory.malformed(), found), found), sections, folder, there, found);
        used.addAll(jars.values());
        loaded.addAll(plugins);
        there.addAll(plugins);
        note(found, where);
        return plugins;
    }

    private Assembly assemble(List<LoadedPlugin> plugins, String where) {
        var assembly = new Assembly();
        contributed(plugins).forEach(assembly::add);
        note(assembly.problems(), where);
        return assembly;
    }

    /** What is wrong with the platform's set is not told again for each that is made of it. */
    private void note(List<PluginProblem> found, String where) {
        for (var problem : found) {
            if (!problems.contains(problem)) {
                problems.add(
                        where.isEmpty()
                                ? problem
                                : new PluginProblem(where + ": " + problem.where(), problem.what(), problem.mend()));
            }
        }
    }

    private static List<Contributed> contributed(List<LoadedPlugin> plugins) {
        return plugins.stream()
                .sorted(Comparator.comparing(LoadedPlugin::id))
                .map(LoadedPlugin::contributed)
                .toList();
    }
}
