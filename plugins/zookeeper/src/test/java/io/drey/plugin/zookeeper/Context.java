package io.drey.plugin.zookeeper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.spi.FactSource.Namesake;
import io.drey.spi.FactSource.ObserveContext;
import io.drey.spi.FactSource.Polled;
import io.drey.spi.Situation;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceMapper;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A resource beside some others. Its configuration is all that its situation knows.
 *
 * @param existing uid of the resource that the API server has under whatever name is asked for
 */
record Context(String namespace, String name, FlinkConfig config, List<Namesake> namesakes, Optional<String> existing)
        implements ObserveContext {
    @Override
    public CustomResource resource() {
        var raw = JsonNodeFactory.instance.objectNode();
        raw.put("apiVersion", "flink.apache.org/v1beta1").put("kind", "FlinkDeployment");
        raw.putObject("metadata")
                .put("namespace", namespace)
                .put("name", name)
                .put("uid", "uid-" + namespace + "-" + name);
        raw.putObject("spec");
        return new ResourceMapper().deployment(raw);
    }

    @Override
    public Situation situation() {
        return (Situation) Proxy.newProxyInstance(
                Situation.class.getClassLoader(), new Class<?>[] {Situation.class}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "config", "deployedConfig" -> config;
                        default -> throw new AssertionError("not needed: " + method);
                    };
                });
    }

    @Override
    public Optional<JsonNode> live(ObjectKey key) {
        return existing.map(uid -> {
            var object = JsonNodeFactory.instance.objectNode();
            object.putObject("metadata").put("uid", uid);
            return object;
        });
    }

    @Override
    public Optional<JsonNode> cached(ObjectKey key) {
        throw new AssertionError("not needed");
    }

    @Override
    public List<JsonNode> cached(String apiVersion, String kind, String namespace, Map<String, String> labels) {
        throw new AssertionError("not needed");
    }

    @Override
    public List<JsonNode> live(String apiVersion, String kind, String namespace, Map<String, String> labels) {
        throw new AssertionError("not needed");
    }

    @Override
    public List<JsonNode> warnings(ObjectKey about) {
        throw new AssertionError("not needed");
    }

    @Override
    public Polled flink(FlinkRef flink, Duration every) {
        throw new AssertionError("not needed");
    }

    @Override
    public JobCheckpoints checkpoints(FlinkRef flink, String jobId) {
        throw new AssertionError("not needed");
    }
}
