package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.Decorator.PodTemplates;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.Facts;
import io.drey.spi.fact.HighAvailability;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.resource.FlinkConfigurationTree;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkVersion;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.ResourceMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** One launch of the application cluster {@code basic}, with enough memory unless its configuration says otherwise. */
record Launched(
        FlinkDeployment resource, FlinkConfig platform, PodTemplates templates, Operation operation, Facts facts) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ResourceMapper MAPPER = new ResourceMapper();
    private static final Rendering RENDERING = new Rendering(new NativePlugin());
    private static final Map<String, String> MEMORY =
            Map.of("jobmanager.memory.process.size", "1600m", "taskmanager.memory.process.size", "1728m");

    static Launched of(FlinkVersion version, Map<String, String> config) {
        var all = new TreeMap<>(MEMORY);
        all.putAll(config);
        return of(FlinkDeploymentSpec.EMPTY.toBuilder()
                .flinkVersion(Optional.of(version))
                .flinkConfiguration(FlinkConfigurationTree.of(all))
                .job(Optional.of(JobSpec.EMPTY.withParallelism(2)))
                .build());
    }

    static Launched of(FlinkDeploymentSpec spec) {
        var raw = json("{'metadata': {'namespace': 'orders', 'name': 'basic', 'uid': 'uid-1', 'generation': 3}}");
        var empty = JsonNodeFactory.instance.objectNode();
        return new Launched(
                new FlinkDeployment(
                        MAPPER.metadata(raw), spec, MAPPER.deployment(raw).status()),
                FlinkConfig.EMPTY,
                new PodTemplates(empty, empty),
                Rendering.operation(Restore.NONE),
                Facts.NONE);
    }

    Launched spec(UnaryOperator<FlinkDeploymentSpec> change) {
        return new Launched(resource.withSpec(change.apply(resource.spec())), platform, templates, operation, facts);
    }

    Launched job(UnaryOperator<JobSpec> change) {
        return spec(spec -> spec.withJob(change.apply(spec.job().orElseThrow())));
    }

    Launched platform(Map<String, String> defaults) {
        return new Launched(resource, new FlinkConfig(defaults), templates, operation, facts);
    }

    Launched templates(ObjectNode jobManager, ObjectNode taskManager) {
        return new Launched(resource, platform, new PodTemplates(jobManager, taskManager), operation, facts);
    }

    Launched operation(Operation other) {
        return new Launched(resource, platform, templates, other, facts);
    }

    Launched metadata(ObjectNode... configMaps) {
        return new Launched(
                resource,
                platform,
                templates,
                operation,
                TestSituation.of(resource)
                        .with(HighAvailability.TYPE, new HighAvailability(List.of(configMaps)))
                        .facts());
    }

    List<ObjectNode> objects() {
        return RENDERING.objects(resource, platform, templates, operation, facts);
    }

    List<ObjectNode> pods() {
        return RENDERING.deployer().pods(RENDERING.launch(resource, platform, templates, operation, facts));
    }

    /** Flink's configuration file without what Flink adds in rendering: quicker, for many of them. */
    ConfigFile written() {
        var situation = new TestSituation(
                resource,
                platform.with(
                        new FlinkConfig(resource.spec().flinkConfiguration().flatten())),
                Optional.of(operation),
                facts,
                TestSituation.NOW);
        return ConfigFile.of(
                RENDERING.config(resource, platform, situation),
                resource.spec().flinkVersion().orElseThrow());
    }

    /** Flink's configuration file. */
    String file() {
        var data = objects().get(1).path("data");
        return data.path(data.has("config.yaml") ? "config.yaml" : "flink-conf.yaml")
                .asText();
    }

    /** JSON in single quotes. */
    static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
