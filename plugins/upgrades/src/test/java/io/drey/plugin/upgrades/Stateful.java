package io.drey.plugin.upgrades;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.resource.ResourceRef;
import io.drey.testkit.FakeFlink.Begun;
import io.drey.testkit.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** A stateful job in a simulation: it has done some work, and completed one checkpoint. */
public record Stateful(Simulation sim) {
    public static final ResourceRef REF = new ResourceRef("FlinkDeployment", "tests", "job");

    private static final String DIRECTORIES =
            "state.checkpoints.dir: 'file:/checkpoints', state.savepoints.dir: 'file:/savepoints'";

    public enum Ha {
        ON,
        OFF
    }

    /** A job that runs, with progress of which one part is in checkpoint 1 and another part in none. */
    public static Stateful running(String upgradeMode, Ha ha) {
        var world = new Stateful(Scenario.start(ha));
        world.apply("flink:2.3", upgradeMode);
        world.converge();
        world.works();
        world.sim.flink().checkpoints("tests", "job");
        world.works();
        return world;
    }

    public void works() {
        sim.flink().progresses("tests", "job");
    }

    public void apply(String image, String upgradeMode) {
        apply(image, upgradeMode, "running", "");
    }

    public void apply(String image, String upgradeMode, String state, String keys) {
        apply(image, upgradeMode, state, keys, "");
    }

    public void apply(String image, String upgradeMode, String state, String keys, String job) {
        var configuration = "{" + DIRECTORIES + (keys.isEmpty() ? "" : ", " + keys) + "}";
        var yaml = Scenario.application(image, 1, state, upgradeMode, configuration);
        sim.apply(
                job.isEmpty()
                        ? yaml
                        : yaml
                                + job.lines()
                                        .flatMap(line -> List.of(line.split(", ")).stream())
                                        .map(field -> "    " + field + "\n")
                                        .reduce("", String::concat));
    }

    public void converge() {
        sim.converge(REF);
    }

    /** One pass, with the world going on after it. A crash of the operator is followed by its restart. */
    public void pass() {
        sim.step(REF, Duration.ofSeconds(1));
    }

    public void pass(int times) {
        for (int i = 0; i < times; i++) {
            pass();
        }
    }

    public void passUntil(Predicate<JsonNode> holds) {
        sim.stepUntil(REF, 40, holds);
    }

    public JsonNode status() {
        return sim.status(REF);
    }

    public String lifecycle() {
        return status().path("lifecycleState").asText();
    }

    public String job() {
        return status().path("jobStatus").path("state").asText();
    }

    public String jobId() {
        return status().path("jobStatus").path("jobId").asText();
    }

    public String reconciliation() {
        return status().path("reconciliationStatus").path("state").asText();
    }

    public String recorded() {
        return status().path("reconciliationStatus").path("lastReconciledSpec").asText();
    }

    /** Message of a condition that holds; empty text when it does not. */
    public String condition(String type) {
        return StreamSupport.stream(status().path("conditions").spliterator(), false)
                .filter(condition -> condition.path("type").asText().equals(type)
                        && condition.path("status").asText().equals("True"))
                .map(condition -> condition.path("message").asText())
                .findFirst()
                .orElse("");
    }

    public List<String> reasons() {
        return sim.kubernetes().events().stream().map(event -> event.reason()).toList();
    }

    public Begun lastBegun() {
        return sim.flink().begun().getLast();
    }

    public String newestSavepoint() {
        return sim.flink().storage().newestSavepoint();
    }

    /** Every job started from the newest snapshot that there was. */
    public void lostNothing() {
        assertThat(sim.flink().begun()).allMatch(begun -> begun.progress() >= begun.newest());
    }
}
