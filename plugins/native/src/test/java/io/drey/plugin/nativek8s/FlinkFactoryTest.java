package io.drey.plugin.nativek8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.Deployer.Launch;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkVersion;
import io.drey.spi.resource.Metadata;
import io.drey.spi.resource.ResourceMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.flink.client.deployment.ClusterSpecification;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.kubernetes.kubeclient.FlinkPod;
import org.apache.flink.kubernetes.kubeclient.factory.KubernetesJobManagerFactory;
import org.apache.flink.kubernetes.kubeclient.parameters.KubernetesJobManagerParameters;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.api.model.HasMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flink's own factory, with files where it wants them, makes the same: a step that a newer Flink adds is not missed. */
class FlinkFactoryTest {
    private static final Map<String, String> CONFIG = Map.ofEntries(
            Map.entry("execution.target", "kubernetes-session"),
            Map.entry("kubernetes.namespace", "orders"),
            Map.entry("kubernetes.cluster-id", "basic"),
            Map.entry("blob.server.port", "6124"),
            Map.entry("taskmanager.rpc.port", "6122"),
            Map.entry("jobmanager.memory.process.size", "1600m"),
            Map.entry("taskmanager.memory.process.size", "1728m"),
            Map.entry("containerized.master.env.A", "b"),
            Map.entry("kubernetes.secrets", "a:/b"),
            Map.entry("kubernetes.env.secretKeyRef", "env:A,secret:s,key:k"),
            Map.entry("kubernetes.jobmanager.tolerations", "key:k,operator:Exists"),
            Map.entry("kubernetes.jobmanager.annotations", "note:kept"),
            Map.entry("kubernetes.jobmanager.labels", "a:b"),
            Map.entry("kubernetes.jobmanager.node-selector", "disk:ssd"),
            Map.entry("kubernetes.container.image.pull-secrets", "registry"),
            Map.entry("kubernetes.hostnetwork.enabled", "true"),
            Map.entry("kubernetes.persistent-volume-claims", "a:/c"),
            Map.entry("kubernetes.rest-service.annotations", "x:y"),
            Map.entry("kubernetes.hadoop.conf.config-map.name", "hadoop"));

    private final FlinkModel model = new FlinkModel(new ObjectMapper());

    @TempDir
    private Path files;

    @Test
    void makesWhatFlinksFactoryMakes() throws IOException {
        var theirs = new TreeMap<String, JsonNode>();
        for (var object : flinks()) {
            theirs.put(name(object), comparable(object));
        }
        var ours = new TreeMap<String, JsonNode>();
        for (var object : ours()) {
            ours.put(name(object), comparable(object));
        }

        assertThat(ours).isEqualTo(theirs);
    }

    private List<ObjectNode> flinks() throws IOException {
        var template = Files.writeString(files.resolve("template.yaml"), "metadata: {}");
        Files.writeString(files.resolve("log4j-console.properties"), "a = b");
        Files.writeString(files.resolve("logback-console.xml"), "<configuration/>");
        var config = Configuration.fromMap(CONFIG);
        config.setString("kubernetes.pod-template-file.taskmanager", template.toString());
        config.setString("$internal.deployment.config-dir", files.toString());
        var specification = KubernetesJobManagerFactory.buildKubernetesJobManagerSpecification(
                new FlinkPod.Builder().build(),
                new KubernetesJobManagerParameters(
                        config,
                        new ClusterSpecification.ClusterSpecificationBuilder()
                                .setMasterMemoryMB(1600)
                                .createClusterSpecification()));
        var objects = new java.util.ArrayList<ObjectNode>();
        objects.add(model.fromFlink(specification.getDeployment()));
        for (HasMetadata object : specification.getAccompanyingResources()) {
            objects.add(model.fromFlink(object));
        }
        return objects;
    }

    private List<ObjectNode> ours() {
        var target = new FlinkDeployment(
                Metadata.of("orders", "basic"),
                FlinkDeploymentSpec.EMPTY.withFlinkVersion(FlinkVersion.V2_3),
                new ResourceMapper()
                        .deployment(JsonNodeFactory.instance.objectNode())
                        .status());
        var template = JsonNodeFactory.instance.objectNode();
        template.putObject("metadata");
        return new Rendering(new NativePlugin())
                .deployer()
                .render(new Launch(
                        target,
                        new FlinkConfig(CONFIG),
                        JsonNodeFactory.instance.objectNode(),
                        template,
                        Rendering.operation(Restore.NONE),
                        Optional.empty(),
                        Optional.empty()));
    }

    private static String name(JsonNode object) {
        return object.path("kind").asText() + " " + object.at("/metadata/name").asText();
    }

    /** Without what we add, what is in files, and an order that means nothing. */
    private static JsonNode comparable(ObjectNode object) {
        var metadata = object.withObject("/metadata");
        metadata.remove(List.of("namespace", "ownerReferences"));
        for (var annotated : List.of(metadata, object.withObject("/spec/template/metadata"))) {
            annotated
                    .withObject("/annotations")
                    .remove(List.of(ClusterManifests.OPERATION, ClusterManifests.GENERATION));
        }
        object.remove("data");
        for (var volume : object.at("/spec/template/spec/volumes")) {
            if (volume.at("/configMap/items") instanceof ArrayNode items) {
                var sorted = new TreeMap<String, JsonNode>();
                items.forEach(item -> sorted.put(item.path("key").asText(), item));
                items.removeAll().addAll(sorted.values());
            }
        }
        return object;
    }
}
