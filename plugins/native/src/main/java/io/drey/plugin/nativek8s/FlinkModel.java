package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Inject;
import org.apache.flink.kubernetes.shaded.com.fasterxml.jackson.core.JsonFactory;
import org.apache.flink.kubernetes.shaded.com.fasterxml.jackson.core.util.JsonRecyclerPools;
import org.apache.flink.kubernetes.shaded.com.fasterxml.jackson.databind.JsonMappingException;
import org.apache.flink.kubernetes.shaded.io.fabric8.kubernetes.api.model.KubernetesResource;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/** Flink carries its own copy of the Kubernetes model; values go in and out as JSON. */
final class FlinkModel {
    private static final int BUFFERS = 8;

    private final ObjectMapper ours;
    /** Its buffers are its own: those that Jackson leaves on threads would keep an unloaded plugin in memory. */
    private final org.apache.flink.kubernetes.shaded.com.fasterxml.jackson.databind.ObjectMapper flinks =
            new org.apache.flink.kubernetes.shaded.com.fasterxml.jackson.databind.ObjectMapper(JsonFactory.builder()
                    .recyclerPool(JsonRecyclerPools.newBoundedPool(BUFFERS))
                    .build());
    /** Puts every text in quotes, so that no version of YAML reads "yes" as anything else. */
    private final YAMLMapper yaml = YAMLMapper.builder(
                    YAMLFactory.builder()
                            .recyclerPool(org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.util
                                    .JsonRecyclerPools.newBoundedPool(BUFFERS))
                            .build())
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build();

    @Inject
    FlinkModel(ObjectMapper ours) {
        this.ours = ours;
    }

    /** @param what names the value for messages */
    <T extends KubernetesResource> T toFlink(JsonNode value, Class<T> type, String what) {
        try {
            return flinks.readValue(ours.writeValueAsString(value), type);
        } catch (JsonMappingException e) {
            // The exception's own text quotes the value, which may be a secret.
            throw new IllegalArgumentException(what + ": found a value of the wrong type at " + path(e)
                    + ", must be as in a core/v1 Pod. Mend it there");
        } catch (JsonProcessingException
                | org.apache.flink.kubernetes.shaded.com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(what + ": JSON that we wrote cannot be read", e);
        }
    }

    ObjectNode fromFlink(KubernetesResource value) {
        try {
            return (ObjectNode) ours.readTree(flinks.writeValueAsString(value));
        } catch (JsonProcessingException
                | org.apache.flink.kubernetes.shaded.com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException("JSON that Flink's model wrote cannot be read", e);
        }
    }

    String yaml(JsonNode value) {
        try {
            return yaml.writeValueAsString(yaml.readTree(ours.writeValueAsString(value)));
        } catch (JsonProcessingException
                | org.apache.flink.shaded.jackson2.com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException("JSON that we wrote cannot be written as YAML", e);
        }
    }

    private static String path(JsonMappingException e) {
        var path = new StringBuilder();
        for (var step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.toString();
    }
}
