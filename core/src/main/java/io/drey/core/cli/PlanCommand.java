package io.drey.core.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.drey.core.engine.PlanReport.Action;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code drey plan}: what the operator would do about a changed spec, without doing it. */
@Command(
        name = "plan",
        description = "Shows what the operator would do if these manifests were applied: what changes, what becomes of"
                + " the job, from which state it goes on, what is in the way, and the steps. Changes nothing.",
        mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
    private static final String GROUP = "flink.apache.org/";

    @Option(
            names = {"-f", "--filename"},
            required = true,
            paramLabel = "FILE",
            description = "YAML or JSON; - for the standard input.")
    private Path file = Path.of("-");

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "default",
            description = "Of manifests that name none. Default: ${DEFAULT-VALUE}.")
    private String namespace = "";

    @Mixin
    private OperatorQuestion operator = new OperatorQuestion();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        var answer = JsonNodeFactory.instance.objectNode();
        var plans = answer.putArray("plans");
        for (var manifest : manifests()) {
            plans.add(operator.post(PlanPage.PATH, manifest));
        }
        output.print(answer, out -> plans.forEach(plan -> print(out, plan)));
        return 0;
    }

    private List<ObjectNode> manifests() {
        List<ObjectNode> found = new ArrayList<>();
        try (var in = file.toString().equals("-") ? System.in : Files.newInputStream(file)) {
            for (var document : documents(in)) {
                if (document instanceof ObjectNode object
                        && object.path("apiVersion").asText().startsWith(GROUP)) {
                    var metadata = object.withObject("/metadata");
                    if (metadata.path("namespace").asText().isBlank()) {
                        metadata.put("namespace", namespace);
                    }
                    found.add(object);
                }
            }
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("-f: there is no file " + file);
        } catch (IOException e) {
            throw new IllegalArgumentException("-f: " + file + " is not YAML: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("-f: " + file + " holds no resource of " + GROUP + "v1beta1");
        }
        return found;
    }

    private static List<JsonNode> documents(InputStream in) throws IOException {
        try (var documents = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(in)) {
            return documents.readAll();
        }
    }

    private static void print(PrintWriter out, JsonNode plan) {
        out.println(plan.path("kind").asText() + " " + plan.path("namespace").asText() + "/"
                + plan.path("name").asText() + ", generation "
                + plan.path("generation").asText() + ": "
                + action(plan.path("action").asText()));
        out.println();
        changes(out, plan.path("changes"));
        if (plan.has("state")) {
            line(out, "State", state(plan.path("state")));
        }
        line(out, "Downtime", downtime(plan.path("downtime")));
        for (var hold : plan.path("holds")) {
            line(
                    out,
                    "Held by",
                    hold.path("reason").asText() + ": " + hold.path("message").asText());
        }
        if (plan.path("holds").isEmpty()) {
            line(out, "Held by", "nothing");
        }
        if (!plan.path("complete").asBoolean()) {
            line(out, "Note", "the JobManager has not told yet what it knows; another plan tells more");
        }
        out.println();
        int number = 1;
        for (var step : plan.path("steps")) {
            out.println(number++ + ". " + step.path("text").asText());
        }
        if (number > 1) {
            out.println();
        }
    }

    /** A newer operator may have actions that are not known here. */
    private static String action(String name) {
        return Arrays.stream(Action.values())
                .filter(action -> action.name().equals(name))
                .findFirst()
                .map(Action::text)
                .orElseGet(() -> name.toLowerCase(Locale.ROOT));
    }

    private static void line(PrintWriter out, String what, String text) {
        out.printf("%-10s%s%n", what, text);
    }

    private static void changes(PrintWriter out, JsonNode changes) {
        List<List<String>> rows = new ArrayList<>();
        for (var change : changes) {
            rows.add(List.of(
                    change.path("field").asText(),
                    change.path("from").asText(),
                    change.path("to").asText(),
                    change.path("calls").asText().toLowerCase(Locale.ROOT).replace('_', ' ')));
        }
        if (!rows.isEmpty()) {
            Output.table(out, List.of("FIELD", "DEPLOYED", "NEW", "CALLS FOR"), rows);
            out.println();
        }
    }

    private static String state(JsonNode state) {
        var text = new StringBuilder(state.path("from").asText());
        if (state.has("checkpointId")) {
            text.append(", checkpoint ").append(state.path("checkpointId").asText());
        }
        if (state.has("path")) {
            text.append(", ").append(state.path("path").asText());
        }
        if (state.has("at")) {
            text.append(", ").append(state.path("ageSeconds").asText()).append(" s old");
        } else if (!state.has("ageSeconds") && !state.path("origin").asText().equals("NOTHING")) {
            text.append(", age not known");
        }
        return text.toString();
    }

    private static String downtime(JsonNode downtime) {
        var basis = downtime.path("basis").asText();
        return downtime.has("seconds") ? downtime.path("seconds").asText() + " s, " + basis : basis;
    }
}
