package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.ResourceRef;
import io.drey.testkit.FakeDeployer;
import io.drey.testkit.FeatureSets;
import io.drey.testkit.Simulation;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WithoutEffectTest {
    private static final ResourceRef REF = new ResourceRef("FlinkDeployment", "tests", "job");

    private final Simulation sim = new Simulation(
            new FeatureSets()
                    .plugin(new DeploymentsPlugin(), Clock.systemUTC())
                    .deployer(new FakeDeployer())
                    .build(),
            new FlinkConfig(Map.of("kubernetes.operator.periodic.checkpoint.interval", "0 s")));

    private void apply(String periodic, String ingress) {
        sim.apply(Yaml.application("flink:2.3")
                .replace(
                        "flinkConfiguration: {",
                        "flinkConfiguration: {kubernetes.operator.periodic.savepoint.interval: '" + periodic + "', ")
                .replace("spec:\n", "spec:\n" + ingress));
        sim.converge(REF);
    }

    private Optional<String> condition() {
        return sim.status(REF)
                .path("conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asText().equals("WithoutEffect"))
                .map(condition -> condition.path("message"))
                .map(JsonNode::asText)
                .findFirst();
    }

    private List<String> events() {
        return sim.kubernetes().events().stream()
                .filter(event -> event.reason().equals("NotSupportedYet"))
                .map(Event::message)
                .toList();
    }

    @Test
    void standalone_mode_is_named() {
        sim.apply(Yaml.application("flink:2.3").replace("spec:\n", "spec:\n  mode: standalone\n"));
        sim.converge(REF);

        assertThat(condition()).contains("Accepted without effect by this version: spec.mode: standalone");
        assertThat(events()).hasSize(1);
    }

    @Test
    void fields_and_keys_that_have_no_effect_are_named_once_and_until_they_are_gone() {
        apply("1 h", "  ingress: {template: '{{name}}.example.org'}\n");

        var message = "Accepted without effect by this version: spec.ingress,"
                + " kubernetes.operator.periodic.savepoint.interval";
        assertThat(condition()).contains(message);
        assertThat(events()).containsExactly(message);

        apply("0 s", "");
        assertThat(condition()).isEmpty();
        assertThat(events()).hasSize(1);
    }

    @Test
    void all_keys_that_have_no_effect_yet_are_named_and_those_of_the_defaults_are_not() {
        sim.defaults(new FlinkConfig(Map.of("kubernetes.operator.savepoint.history.max.count", "3")));
        sim.apply(Yaml.application("flink:2.3").replace("flinkConfiguration: {", """
                flinkConfiguration: {kubernetes.operator.savepoint.history.max.age: 1 h, job.autoscaler.enabled: 'true',
                    job.autoscaler.metrics.window: 10 min, kubernetes.operator.job.restart.failed: 'true', """));
        sim.converge(REF);

        assertThat(condition())
                .contains("Accepted without effect by this version: job.autoscaler.enabled,"
                        + " kubernetes.operator.savepoint.history.max.age");
    }

    @Test
    void a_key_that_does_not_exist_is_named_with_the_nearest_one() {
        var yaml = Yaml.application("flink:2.3")
                .replace(
                        "flinkConfiguration: {",
                        "flinkConfiguration: {kubernetes.operator.job.restart.faild: 'true', ");
        sim.apply(yaml);
        sim.converge(REF);

        var message = "kubernetes.operator.job.restart.faild: there is no such key."
                + " Did you mean kubernetes.operator.job.restart.failed?";
        assertThat(sim.kubernetes().events().stream()
                        .filter(event -> event.reason().equals("UnknownKeys"))
                        .map(Event::message))
                .containsExactly(message);
        assertThat(sim.status(REF).path("conditions").findValuesAsText("message"))
                .contains(message);

        sim.apply(yaml.replace("faild", "failed"));
        sim.converge(REF);
        assertThat(sim.status(REF).path("conditions").findValuesAsText("type")).doesNotContain("UnknownKeys");
    }

    @Test
    void values_that_flink_1_cannot_carry_are_named_with_their_keys_but_not_options_of_a_jvm() {
        var keys = "flinkConfiguration: {s3.secret-key: 'ab#c', x.script: \"a\\nb\\n\","
                + " env.java.opts.all: \"-Da=b#c\\n-Dc=d\\n\", x.end: \"a\\n\", ";
        var old = Yaml.application("flink:1.20")
                .replaceFirst("flinkVersion: \\S+", "flinkVersion: v1_20")
                .replace("flinkConfiguration: {", keys);
        sim.apply(old);
        sim.converge(REF);

        assertThat(sim.kubernetes().events().stream()
                        .filter(event -> event.reason().equals("ValuesCut"))
                        .map(Event::message))
                .singleElement()
                .asString()
                .startsWith("Flink before 2.0 ignores # and what follows it in the value of s3.secret-key. ")
                .contains("blanks in place of line breaks in the value of x.script. ")
                .doesNotContain("ab");
        assertThat(sim.status(REF).path("conditions").findValuesAsText("type")).contains("ValuesCut");
        sim.apply(old.replace("v1_20", "v2_0"));
        sim.converge(REF);
        assertThat(sim.status(REF).path("conditions").findValuesAsText("type")).doesNotContain("ValuesCut");
    }
}
