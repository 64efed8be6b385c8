package io.drey.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.core.engine.PlanReport;
import io.drey.core.engine.PlanReport.Action;
import io.drey.core.engine.PlanReport.Change;
import io.drey.core.engine.PlanReport.Downtime;
import io.drey.core.engine.PlanReport.Hold;
import io.drey.core.engine.PlanReport.Origin;
import io.drey.core.engine.PlanReport.State;
import io.drey.core.engine.PlannedStep;
import io.drey.core.health.AdminServer;
import io.drey.spi.SpecDiff;
import io.drey.spi.operation.Operation.Cause;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the command over HTTP to the operator's page and back. */
class PlanCommandTest {
    private static final String MANIFESTS = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: other}
        ---
        apiVersion: flink.apache.org/v1beta1
        kind: FlinkDeployment
        metadata: {name: orders}
        spec: {image: flink:2.4}
        """;

    @TempDir
    Path folder;

    private final List<JsonNode> asked = new ArrayList<>();
    private Optional<AdminServer> server = Optional.empty();

    private record Result(int code, String out, String err) {}

    @AfterEach
    void stop() {
        server.ifPresent(AdminServer::close);
    }

    private Result plan(String text, Function<JsonNode, PlanReport> plan, String... more) throws Exception {
        var page = new AdminServer(0);
        server = Optional.of(page);
        PlanPage.addTo(page, manifest -> {
            asked.add(manifest);
            return plan.apply(manifest);
        });
        page.start();
        List<String> words = new ArrayList<>(List.of(
                "plan",
                "-f",
                Files.writeString(folder.resolve("new.yaml"), text).toString(),
                "--url",
                "http://localhost:" + page.port()));
        words.addAll(List.of(more));
        return drey(words.toArray(String[]::new));
    }

    private static Result drey(String... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Drey.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(words);
        return new Result(code, out.toString(), err.toString());
    }

    private static PlanReport report(boolean complete) {
        return new PlanReport(
                "FlinkDeployment",
                "shop",
                "orders",
                8,
                Action.RESTART,
                Optional.of(Cause.CHANGE),
                List.of(new Change(SpecDiff.Type.UPGRADE, "image", "flink:2.3", "flink:2.4")),
                Optional.of(new State(
                        Origin.HIGH_AVAILABILITY,
                        Origin.HIGH_AVAILABILITY.text(),
                        Optional.empty(),
                        Optional.of(42L),
                        Optional.of(Instant.EPOCH),
                        Optional.of(7L))),
                new Downtime(Optional.of(12L), "measured at the last upgrade"),
                List.of(new Hold("Waiting", "a window opens at 18:00")),
                List.of(
                        new PlannedStep("delete", "Deployment shop/orders", "delete Deployment shop/orders"),
                        new PlannedStep("await", "await x", "wait until JobManager pods are gone")),
                complete);
    }

    @Test
    void peopleReadWhatChangesFromWhichStateWhatIsInTheWayAndTheSteps() throws Exception {
        var result = plan(MANIFESTS, manifest -> report(true), "-n", "shop");

        assertThat(result.out()).isEqualTo("""
            FlinkDeployment shop/orders, generation 8: restart

            FIELD  DEPLOYED   NEW        CALLS FOR
            image  flink:2.3  flink:2.4  upgrade

            State     high-availability metadata, checkpoint 42, 7 s old
            Downtime  12 s, measured at the last upgrade
            Held by   Waiting: a window opens at 18:00

            1. delete Deployment shop/orders
            2. wait until JobManager pods are gone

            """);
        assertThat(result.code()).isZero();
        assertThat(asked).singleElement().satisfies(manifest -> {
            assertThat(manifest.at("/metadata/namespace").asText()).isEqualTo("shop");
            assertThat(manifest.at("/spec/image").asText()).isEqualTo("flink:2.4");
        });
    }

    @Test
    void programsGetTheSameAsJson() throws Exception {
        var json = new ObjectMapper()
                .readTree(
                        plan(MANIFESTS, manifest -> report(true), "-o", "json").out());

        assertThat(json.at("/plans/0/action").asText()).isEqualTo("RESTART");
        assertThat(json.at("/plans/0/state/at").asText()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(json.at("/plans/0/state").has("path")).isFalse();
        assertThat(json.at("/plans/0/steps/1/action").asText()).isEqualTo("await");
        assertThat(json.at("/plans/0/holds/0/reason").asText()).isEqualTo("Waiting");
    }

    @Test
    void thePageWaitsALittleForWhatFlinkIsAskedFor() throws Exception {
        var result = plan(MANIFESTS, manifest -> report(asked.size() >= 3));
        assertThat(asked).hasSize(3);
        assertThat(result.out()).doesNotContain("Note");
    }

    @Test
    void whatIsWrongWithAManifestIsOneLine() throws Exception {
        var refused = plan(MANIFESTS, manifest -> {
            throw new IllegalArgumentException("spec.job.parallelism: found \"many\", must be a number");
        });
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .startsWith("drey: ")
                .contains("answers 400: spec.job.parallelism: found \"many\", must be a number");
        assertThat(refused.err().lines()).hasSize(1);
    }

    @Test
    void whatIsWrongWithTheFileIsOneLine() throws Exception {
        assertThat(plan("kind: ConfigMap\n", manifest -> report(true)).err())
                .contains("-f: ", "new.yaml holds no resource of flink.apache.org/v1beta1");
        assertThat(asked).isEmpty();
        assertThat(drey("plan", "-f", "/nowhere.yaml").err()).isEqualTo("drey: -f: there is no file /nowhere.yaml\n");
        var broken = Files.writeString(folder.resolve("broken.yaml"), "a: [b\n");
        assertThat(drey("plan", "-f", broken.toString()).err()).startsWith("drey: -f: " + broken + " is not YAML: ");
        assertThat(drey("plan").code()).as("-f is needed").isEqualTo(2);
    }
}
