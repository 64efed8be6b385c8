package io.drey.core.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code drey plugins}: what is at work in a running operator, and why the last change is not. */
@Command(
        name = "plugins",
        description = "Shows the plugins of a running operator.",
        mixinStandardHelpOptions = true,
        subcommands = {CheckCommand.class, SignCommand.class, KeygenCommand.class})
final class PluginsCommand implements Callable<Integer> {
    @Mixin
    private OperatorQuestion operator = new OperatorQuestion();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        var report = operator.ask(Pages.PLUGINS);
        output.print(report, out -> print(out, report));
        return 0;
    }

    private static void print(PrintWriter out, JsonNode report) {
        boolean tenants = StreamSupport.stream(report.path("plugins").spliterator(), false)
                .anyMatch(plugin -> !users(plugin).equals("platform"));
        List<String> heading = new ArrayList<>(
                List.of("PLUGIN", "VERSION", "STATE", "FEATURES", "CONTRIBUTES", "CALLS", "FAILED", "LATE"));
        if (tenants) {
            heading.add("USED BY");
        }
        List<List<String>> rows = new ArrayList<>();
        for (var plugin : report.path("plugins")) {
            var calls = plugin.path("calls");
            List<String> row = new ArrayList<>(List.of(
                    plugin.path("id").asText(),
                    plugin.path("version").asText(),
                    plugin.path("state").asText(),
                    features(plugin.path("features")),
                    contributions(plugin.path("contributions")),
                    calls.path("total").asText(),
                    calls.path("failed").asText(),
                    calls.path("late").asText()));
            if (tenants) {
                row.add(users(plugin));
            }
            rows.add(row);
        }
        Output.table(out, heading, rows);
        var refused = report.path("refused");
        if (!refused.isEmpty()) {
            out.println();
            out.println("The last change is refused, and the plugins above go on:");
            refused.forEach(
                    problem -> out.println("  - " + problem.path("where").asText() + ": "
                            + problem.path("what").asText() + ". "
                            + problem.path("mend").asText()));
        }
        var unwatched = report.path("unwatched");
        if (!unwatched.isEmpty()) {
            out.println();
            out.println("Not watched now, and tried again:");
            unwatched.forEach(watch -> out.println("  - " + watch.path("state").asText() + ": "
                    + watch.path("detail").asText()));
        }
        var loaders = report.path("loaders");
        out.println();
        out.println(
                "Class loaders of unloaded plugins: " + loaders.path("retired").asText() + " retired, "
                        + loaders.path("pending").asText() + " pending, "
                        + loaders.path("leaked").asText() + " leaked");
    }

    private static String users(JsonNode plugin) {
        var joined = new StringJoiner(", ");
        plugin.path("usedBy").forEach(user -> joined.add(user.asText()));
        return joined.toString();
    }

    private static String features(JsonNode features) {
        var joined = new StringJoiner(", ").setEmptyValue("-");
        features.forEach(feature -> joined.add(feature.path("name").asText() + " ("
                + feature.path("stability").asText().toLowerCase(Locale.ROOT) + ")"));
        return joined.toString();
    }

    private static String contributions(JsonNode contributions) {
        var joined = new StringJoiner(", ").setEmptyValue("-");
        contributions
                .properties()
                .forEach(
                        each -> joined.add(each.getKey() + " " + each.getValue().asText()));
        return joined.toString();
    }
}
