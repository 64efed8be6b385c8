package io.drey.core.cli;

import io.drey.core.host.PluginHost;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code drey}. */
@Command(
        name = "drey",
        description = "Runs Apache Flink on Kubernetes.",
        mixinStandardHelpOptions = true,
        versionProvider = DreyVersion.class,
        subcommands = {
            OperatorCommand.class,
            PlanCommand.class,
            PluginsCommand.class,
            FeaturesCommand.class,
            SweepCommand.class,
            DreyVersion.ShowVersion.class
        })
public final class Drey implements Runnable {
    private static final int OUT_OF_MEMORY = 3;

    private Drey() {}

    /** Exits with 0, 1 when something is wrong with what it was given, 2 when the command line is, 3 without memory. */
    public static void main(String[] arguments) {
        settings(arguments.length > 0 && arguments[0].equals("operator"));
        System.exit(commandLine().execute(arguments));
    }

    /** All commands. What goes wrong is one line, not a stack trace. */
    static CommandLine commandLine() {
        return new CommandLine(new Drey())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((thrown, command, parsed) -> {
                    command.getErr().println("drey: " + thrown.getMessage());
                    return 1;
                });
    }

    /**
     * What must be so before the first class of Guice, Log4j or a plugin is loaded, else plugins are never unloaded, and
     * addresses are kept for half a minute.
     *
     * @param operator whether the log is what the process has to say; else it is kept out of the output
     */
    private static void settings(boolean operator) {
        System.setProperty("guice_bytecode_gen_option", "DISABLED");
        // A service that was made anew has another address, and the cluster's name server, which keeps names, is near.
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        if (System.getProperty("log4j2.configurationFile") == null) {
            System.setProperty(
                    "log4j2.configurationFile", operator ? logging() : "classpath:log4j2-command.properties");
        }
        Thread.setDefaultUncaughtExceptionHandler(Drey::uncaught);
        URLConnection.setDefaultUseCaches("jar", false);
        CompletableFuture<Void> timer = starter();
        timer.exceptionally(late -> null);
    }

    /**
     * Without memory, a thread of the operator that is gone leaves half of something behind: the process ends, and is
     * started again. A plugin's thread is the plugin's.
     */
    static void uncaught(Thread thread, Throwable thrown) {
        if (thrown instanceof OutOfMemoryError && !PluginHost.startedByPlugin(thread)) {
            try {
                System.err.println("out of memory, so the process ends");
            } finally {
                Runtime.getRuntime().halt(OUT_OF_MEMORY);
            }
        }
        LoggerFactory.getLogger(Drey.class).error("thread {} ended", thread.getName(), thrown);
    }

    /** Starts the common pool's timer thread here, so that no plugin does and leaves its class loader in it. */
    private static CompletableFuture<Void> starter() {
        return new CompletableFuture<Void>().orTimeout(1, TimeUnit.NANOSECONDS);
    }

    /** The user's file, or ours; LOG_FORMAT=json replaces the layout in either. */
    private static String logging() {
        var file = Optional.ofNullable(System.getenv("FLINK_CONF_DIR"))
                .map(folder -> Path.of(folder, "log4j-operator.properties"))
                .filter(Files::isRegularFile)
                .map(path -> path.toUri().toString())
                .orElse("classpath:log4j2.properties");
        return "json".equalsIgnoreCase(System.getenv("LOG_FORMAT")) ? file + ",classpath:log4j2-json.properties" : file;
    }

    @Override
    public void run() {
        new CommandLine(this).usage(System.out);
    }
}
