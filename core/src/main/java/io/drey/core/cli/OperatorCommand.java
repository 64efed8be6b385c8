package io.drey.core.cli;

import io.drey.core.config.ConfigFile;
import io.drey.core.config.OperatorConfig;
import io.drey.core.host.PluginProblems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code drey operator}: runs until it is told to stop. */
@Command(name = "operator", description = "Runs the operator.", mixinStandardHelpOptions = true)
final class OperatorCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorCommand.class);

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration file, or folder with config.yaml or flink-conf.yaml in it. Default: the folder"
                    + " that the environment's FLINK_CONF_DIR names.")
    private @Nullable Path config;

    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            description = "Folder with plugin jars. May be given more than once. Default: plugins and plugins.d below"
                    + " the folder that the environment's DREY_HOME names.")
    private @Nullable List<Path> plugins;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "How to reach the API server. Default: the pod's service account, else KUBECONFIG.")
    private @Nullable Path kubeconfig;

    @Override
    public Integer call() {
        long began = System.nanoTime();
        try {
            var operatorConfig = OperatorConfig.of(configuration(), System.getenv());
            var operator = OperatorProcess.start(
                    operatorConfig, directories(operatorConfig), Optional.ofNullable(kubeconfig), began);
            var stopped = new CountDownLatch(1);
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("drey-stop").unstarted(() -> {
                        operator.close();
                        LOG.info("stopped");
                        LogManager.shutdown();
                        stopped.countDown();
                    }));
            stopped.await();
            return 0;
        } catch (PluginProblems e) {
            LOG.error(
                    "the plugins cannot be used, for {} reason(s):",
                    e.problems().size());
            e.problems().forEach(problem -> LOG.error("  {}", problem));
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } catch (RuntimeException e) {
            LOG.error("the operator cannot start: {}", e.getMessage());
            LOG.debug("because", e);
            return 1;
        } finally {
            LogManager.shutdown();
        }
    }

    /** What is built in, the file, and over it the one of CONF_OVERRIDE_DIR. */
    private ConfigFile configuration() {
        var file = Optional.ofNullable(config).or(() -> folder("FLINK_CONF_DIR"));
        return Stream.of(file, folder("CONF_OVERRIDE_DIR"))
                .flatMap(Optional::stream)
                .map(ConfigFile::read)
                .reduce(ConfigFile.builtIn(), ConfigFile::with);
    }

    private static Optional<Path> folder(String variable) {
        return Optional.ofNullable(System.getenv(variable))
                .filter(name -> !name.isBlank())
                .map(Path::of);
    }

    private List<Path> directories(OperatorConfig operatorConfig) {
        List<Path> all = new ArrayList<>();
        if (plugins != null) {
            all.addAll(there("--plugins", plugins));
        } else {
            var home = System.getenv("DREY_HOME");
            if (home != null) {
                // What comes along, and what users mount.
                all.add(Path.of(home, "plugins"));
                all.add(Path.of(home, "plugins.d"));
            }
        }
        all.addAll(there("drey.plugins.directories", operatorConfig.pluginDirectories()));
        return all;
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
