package io.drey.plugin.nativek8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.resource.FlinkVersion;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JvmOptionsTest {
    private static final Map<String, String> OPTIONS = Map.of(
            "env.java.opts.jobmanager", "-Dside=jm",
            "env.java.opts.taskmanager", "-Dmark=c#d\n  $(x)\n");

    @ParameterizedTest
    @CsvSource({"env.java.opts.all, v1_20", "env.java.opts, v1_20", "env.java.opts, v1_16", "env.java.opts.all, v1_16"})
    void options_with_a_hash_reach_the_jvms_of_flink_1_by_the_environment(String key, FlinkVersion version) {
        var launch = Launched.of(version, Map.of()).platform(with(key, "-Dmark=a#b -Dx=y\n"));

        assertThat(environment(launch.objects().getFirst().at("/spec/template")))
                .containsEntry("FLINK_ENV_JAVA_OPTS", "-XX:+IgnoreUnrecognizedVMOptions -Dmark=a#b -Dx=y")
                .as("the file carries it")
                .doesNotContainKeys("FLINK_ENV_JAVA_OPTS_JM", "FLINK_ENV_JAVA_OPTS_TM");
        assertThat(environment(launch.pods().getFirst()))
                .containsEntry("FLINK_ENV_JAVA_OPTS", "-XX:+IgnoreUnrecognizedVMOptions -Dmark=a#b -Dx=y")
                .containsEntry("FLINK_ENV_JAVA_OPTS_TM", "-Dmark=c#d $$(x)")
                .doesNotContainKey("FLINK_ENV_JAVA_OPTS_JM");
    }

    @Test
    void flink_2_and_a_variable_of_the_user_need_no_help() {
        var own = Launched.json("{'spec': {'containers': [{'name': 'flink-main-container',"
                + " 'env': [{'name': 'FLINK_ENV_JAVA_OPTS', 'value': '-Dmine=1'}]}]}}");
        var config = with("env.java.opts.all", "-Dmark=a#b");

        assertThat(environment(Launched.of(FlinkVersion.V2_3, Map.of())
                        .platform(config)
                        .objects()
                        .getFirst()
                        .at("/spec/template")))
                .doesNotContainKey("FLINK_ENV_JAVA_OPTS");
        assertThat(environment(Launched.of(FlinkVersion.V1_18, Map.of())
                        .platform(config)
                        .templates(own, JsonNodeFactory.instance.objectNode())
                        .objects()
                        .getFirst()
                        .at("/spec/template")))
                .containsEntry("FLINK_ENV_JAVA_OPTS", "-Dmine=1");
    }

    private static Map<String, String> with(String key, String value) {
        var config = new TreeMap<>(OPTIONS);
        config.put(key, value);
        return config;
    }

    private static Map<String, String> environment(JsonNode pod) {
        var environment = new TreeMap<String, String>();
        var main = MainContainer.in(((ObjectNode) pod).deepCopy());
        main.path("env")
                .forEach(variable -> environment.put(
                        variable.path("name").asText(), variable.path("value").asText()));
        return environment;
    }
}
