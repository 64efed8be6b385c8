package io.drey.spi.operation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.Situation;
import io.drey.spi.resource.FlinkResource;
import io.drey.spi.resource.FlinkSpec;
import io.drey.spi.resource.JobSpec;
import io.drey.spi.resource.UpgradeMode;
import java.util.Optional;

/**
 * The upgrade mode of the last spec that was admitted, in {@code status.plugins.deployments.admitted}, written by the plugin
 * {@code deployments}. The mode in the recorded spec says how the job was started, and that of an edit that is not admitted
 * counts for nothing.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AdmittedMode(UpgradeMode upgradeMode) {
    /** Where it is in {@code status.plugins}: the plugin's id. */
    public static final String PLUGIN = "deployments";

    /** Where it is in the plugin's part. */
    public static final String FIELD = "admitted";

    /**
     * Whether the user wants the job to start empty whenever it is replaced. While an edit is not admitted, the last admitted
     * mode and that edit must both say so: an edit that wants the state keeps it, and one that does not gives up nothing yet.
     */
    public static boolean stateless(Situation situation) {
        return situation.resource() instanceof FlinkResource resource
                && stateless(resource.spec())
                && (situation.violations().isEmpty()
                        ? situation
                                .admitted()
                                .filter(admitted -> admitted.spec() instanceof FlinkSpec spec && stateless(spec))
                                .isPresent()
                        : of(resource).filter(UpgradeMode.STATELESS::equals).isPresent());
    }

    private static Optional<UpgradeMode> of(FlinkResource resource) {
        return Optional.ofNullable(resource.status().plugins().get(PLUGIN))
                .map(memory -> memory.path(FIELD).path("upgradeMode"))
                .filter(JsonNode::isTextual)
                .map(mode -> new UpgradeMode(mode.asText()));
    }

    private static boolean stateless(FlinkSpec spec) {
        return spec.job()
                .map(JobSpec::upgradeMode)
                .filter(UpgradeMode.STATELESS::equals)
                .isPresent();
    }
}
