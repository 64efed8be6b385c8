package io.drey.core.host;

import com.google.inject.spi.Message;
import java.lang.reflect.InvocationTargetException;

/** What a failure to load a plugin means for whoever has to mend it. Texts only: nothing of the plugin is kept. */
final class Diagnosis {
    private Diagnosis() {}

    static PluginProblem of(PluginJar jar, Throwable thrown) {
        var cause = told(thrown);
        var where = "plugin " + jar.id();
        return switch (cause) {
            case ClassNotFoundException missing
            when jar.entry().equals(missing.getMessage()) ->
                new PluginProblem(
                        where,
                        "its entry " + jar.entry() + " is not in the jar",
                        "Name the class that implements FeaturePlugin");
            case ClassNotFoundException missing -> missingClass(where, String.valueOf(missing.getMessage()));
            case NoClassDefFoundError missing -> missingClass(where, String.valueOf(missing.getMessage()));
            case UnsupportedClassVersionError newer ->
                new PluginProblem(
                        where,
                        "it was made for a newer Java than this one, "
                                + Runtime.version().feature(),
                        "Compile it with --release " + Runtime.version().feature() + " or less");
            case NoSuchMethodException none ->
                new PluginProblem(
                        where,
                        "its entry " + jar.entry() + " has no constructor without arguments that is public",
                        "Add one");
            case ClassCastException other ->
                new PluginProblem(
                        where,
                        "its entry " + jar.entry() + " does not implement io.drey.spi.FeaturePlugin",
                        "Let it; the SPI itself must not be in the jar (scope provided)");
            default ->
                new PluginProblem(
                        where,
                        "it failed while it was loaded: " + text(cause),
                        "Mend the plugin, or its configuration plugins." + jar.id());
        };
    }

    /** One of the errors that Guice found, all of which it tells at once. */
    static PluginProblem of(PluginJar jar, Message message) {
        var cause = message.getCause();
        return cause == null
                ? new PluginProblem(
                        "plugin " + jar.id(),
                        message.getMessage().replaceFirst("\\.$", ""),
                        "Mend the module of " + jar.entry())
                : of(jar, cause);
    }

    private static PluginProblem missingClass(String where, String name) {
        return new PluginProblem(
                where,
                "class " + name.replace('/', '.') + " is missing",
                "Put the library that has it into the jar (scope compile): of the host a plugin sees the SPI, Guice,"
                        + " Jackson, slf4j, Flink's metrics and the Kubernetes model, and no more");
    }

    private static Throwable told(Throwable thrown) {
        var cause = thrown.getCause();
        return cause != null && (thrown instanceof InvocationTargetException || thrown instanceof LinkageError)
                ? told(cause)
                : thrown;
    }

    private static String text(Throwable cause) {
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }
}
