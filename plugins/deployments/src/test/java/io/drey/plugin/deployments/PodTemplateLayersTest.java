package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.spi.Decorator.PodTemplates;
import io.drey.testkit.Simulation;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How the layers of pod templates are laid over each other. */
class PodTemplateLayersTest {
    private static PodTemplates layered(String spec) {
        var situation = new Passes(Yaml.session("a") + spec.indent(2)).situation();
        var nothing = JsonNodeFactory.instance.objectNode();
        return new PodTemplateLayers().decorate(new PodTemplates(nothing, nothing), situation);
    }

    @Test
    void nothing_given_is_nothing() {
        var templates = layered("");

        assertThat(templates.jobManager()).isEmpty();
        assertThat(templates.taskManager()).isEmpty();
    }

    @Test
    void the_own_template_lies_over_the_common_one() {
        var templates = layered("""
                podTemplate:
                  kind: Pod
                  metadata: {labels: {a: common, b: common}}
                  spec: {nodeSelector: {disk: ssd}}
                jobManager:
                  podTemplate: {metadata: {labels: {a: own}}}
                """);

        assertThat(templates.jobManager()).isEqualTo(Simulation.parse("""
                metadata: {labels: {a: own, b: common}}
                spec: {nodeSelector: {disk: ssd}}
                """));
        assertThat(templates.taskManager()).isEqualTo(Simulation.parse("""
                metadata: {labels: {a: common, b: common}}
                spec: {nodeSelector: {disk: ssd}}
                """));
    }

    @Test
    @Tag("S340")
    void lists_are_merged_by_position_and_on_demand_by_name() {
        var spec = """
                podTemplate: {spec: {containers: [{name: a, image: a}, {name: b, image: b}]}}
                taskManager: {podTemplate: {spec: {containers: [{name: b, tty: true}]}}}
                """;
        var named = "flinkConfiguration: {kubernetes.operator.pod-template.merge-arrays-by-name: 'true'}\n";

        assertThat(containers(layered(spec))).isEqualTo(List.of("""
                {"name":"b","image":"a","tty":true}""", """
                {"name":"b","image":"b"}"""));
        assertThat(containers(layered(spec + named))).isEqualTo(List.of("""
                {"name":"a","image":"a"}""", """
                {"name":"b","image":"b","tty":true}"""));
    }

    private static List<String> containers(PodTemplates templates) {
        var containers = templates.taskManager().path("spec").path("containers");
        return List.of(containers.get(0).toString(), containers.get(1).toString());
    }
}
