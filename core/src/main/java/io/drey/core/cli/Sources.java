package io.drey.core.cli;

import io.drey.core.config.ConfigFile;
import io.drey.core.config.ConfigurationFolder;
import io.drey.core.config.OperatorConfig;
import io.drey.core.host.PluginHost.Offer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the configuration and the plugins come from: the command line and the environment. Read at the start, and again
 * when a file changes.
 *
 * @param config file or folder that the command line names
 * @param plugins folders that the command line names, instead of those that come along
 * @param environment of the process
 */
record Sources(Optional<Path> config, Optional<List<Path>> plugins, Map<String, String> environment) {
    Sources {
        plugins = plugins.map(List::copyOf);
        environment = Map.copyOf(environment);
    }

    /**
     * What the files say now.
     *
     * @throws IllegalArgumentException with everything that is wrong with them
     */
    OperatorConfig read() {
        return OperatorConfig.of(
                folders().map(ConfigFile::read).reduce(ConfigFile.builtIn(), ConfigFile::with), environment);
    }

    /** The configuration, and over it the one of CONF_OVERRIDE_DIR. */
    private Stream<Path> folders() {
        return Stream.of(config.or(() -> folder("FLINK_CONF_DIR")), folder("CONF_OVERRIDE_DIR"))
                .flatMap(Optional::stream);
    }

    /** The files that are read, whether they are there or not. */
    List<Path> files() {
        return folders()
                .flatMap(folder ->
                        Files.isDirectory(folder) ? ConfigFile.NAMES.stream().map(folder::resolve) : Stream.of(folder))
                .toList();
    }

    private ConfigurationFolder folder() {
        // Of a file that was named on the command line, the folder is not the operator's.
        return new ConfigurationFolder(folders().filter(Files::isDirectory).toList());
    }

    private Optional<Path> folder(String variable) {
        return Optional.ofNullable(environment.get(variable))
                .filter(name -> !name.isBlank())
                .map(Path::of);
    }

    /**
     * The plugins that go with a configuration.
     *
     * @throws IllegalArgumentException when a folder that was named is not there
     */
    Offer offer(OperatorConfig now) {
        List<Path> folders = new ArrayList<>();
        var integrity = now.integrity();
        if (plugins.isPresent()) {
            folders.addAll(there("--plugins", plugins.get()));
        } else if (environment.containsKey("DREY_HOME")) {
            // What comes along, and what users mount.
            var home = Path.of(environment.get("DREY_HOME"));
            folders.add(home.resolve("plugins"));
            integrity = integrity.trusting(home.resolve("plugins"));
            folders.add(home.resolve("plugins.d"));
        }
        folders.addAll(there("drey.plugins.directories", now.pluginDirectories()));
        return new Offer(folders, now.plugins(), now.requiredPlugins(), integrity, folder());
    }

    /** A folder that was named and is not there is a mistake; the ones below DREY_HOME may be absent. */
    private static List<Path> there(String named, List<Path> folders) {
        for (var folder : folders) {
            if (!Files.isDirectory(folder)) {
                throw new IllegalArgumentException(named + ": there is no folder " + folder);
            }
        }
        return folders;
    }
}
