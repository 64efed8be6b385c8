package io.drey.core.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drey features}: what is in force for a resource, and who decided. */
@Command(
        name = "features",
        description = "Shows which features are in force for a resource, and who decided.",
        mixinStandardHelpOptions = true)
final class FeaturesCommand implements Callable<Integer> {
    @Parameters(paramLabel = "KIND/NAME", description = "The resource, as flinkdeployment/orders.")
    private String resource = "";

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default",
            description = "Its namespace. Default: ${DEFAULT-VALUE}.")
    private String namespace = "";

    @Mixin
    private OperatorQuestion operator = new OperatorQuestion();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        var parts = resource.split("/", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException(
                    "found '" + resource + "', must be a kind and a name, as flinkdeployment/orders");
        }
        var answer = operator.ask(Pages.FEATURES + "?kind=" + encoded(parts[0]) + "&namespace=" + encoded(namespace)
                + "&name=" + encoded(parts[1]));
        output.print(answer, out -> print(out, answer));
        return 0;
    }

    private static void print(PrintWriter out, JsonNode answer) {
        var tenant = answer.path("tenant").asText();
        if (!tenant.isEmpty()) {
            out.println("Tenant " + tenant);
            out.println();
        }
        List<List<String>> rows = new ArrayList<>();
        for (var each : answer.path("features")) {
            rows.add(List.of(
                    each.path("feature").asText(),
                    each.path("on").asBoolean() ? "on" : "off",
                    decidedBy(each),
                    each.path("plugin").asText(),
                    each.path("stability").asText().toLowerCase(Locale.ROOT)));
        }
        Output.table(out, List.of("FEATURE", "STATE", "DECIDED BY", "PLUGIN", "STABILITY"), rows);
    }

    private static String decidedBy(JsonNode feature) {
        var by = feature.path("decidedBy").asText();
        var overruled = feature.path("overruled").asText();
        return overruled.isEmpty() ? by : by + ", over " + overruled;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
