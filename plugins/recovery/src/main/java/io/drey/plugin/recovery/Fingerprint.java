package io.drey.plugin.recovery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.LastReconciledSpec;
import io.drey.spi.resource.ResourceMapper;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/** Tells whether two specs launch the same: what is only about how a job is upgraded or looked after does not count. */
final class Fingerprint {
    private static final List<String> HOW = List.of(
            "state",
            "upgradeMode",
            "allowNonRestoredState",
            "initialSavepointPath",
            "savepointTriggerNonce",
            "checkpointTriggerNonce",
            "autoscalerResetNonce");
    private static final List<String> OPERATOR_KEYS =
            List.of("kubernetes.operator.", "job.autoscaler.", "parallelism.default");
    private static final int LENGTH = 16;

    private final ResourceMapper resources = new ResourceMapper();
    private final ObjectMapper mapper;

    @Inject
    Fingerprint(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** 16 hex digits. */
    String of(FlinkDeploymentSpec spec) {
        var configuration = new TreeMap<>(spec.flinkConfiguration().flatten());
        configuration.keySet().removeIf(key -> OPERATOR_KEYS.stream().anyMatch(key::startsWith));
        try {
            var text = resources.writeRecorded(LastReconciledSpec.of(spec, FlinkDeployment.TYPE, false));
            var document = (ObjectNode) mapper.readTree(text).path("spec");
            document.set("flinkConfiguration", mapper.valueToTree(configuration));
            if (document.path("job") instanceof ObjectNode job) {
                job.remove(HOW);
            }
            // By way of sorted maps, so that the order of fields does not count.
            var sorted = mapper.writeValueAsString(mapper.treeToValue(document, Object.class));
            var digest = MessageDigest.getInstance("SHA-256").digest(sorted.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, LENGTH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
