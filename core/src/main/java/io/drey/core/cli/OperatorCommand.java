package io.drey.core.cli;

import io.drey.core.host.PluginProblems;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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
            var sources = new Sources(Optional.ofNullable(config), Optional.ofNullable(plugins), System.getenv());
            var operator = OperatorProcess.start(sources, Optional.ofNullable(kubeconfig), began);
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
}
