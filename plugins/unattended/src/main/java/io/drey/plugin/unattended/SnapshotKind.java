package io.drey.plugin.unattended;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.resource.Condition;
import io.drey.spi.resource.FlinkStateSnapshot;
import io.drey.spi.resource.ResourceMapper;
import io.drey.spi.resource.ResourceType;
import jakarta.inject.Inject;
import java.util.List;

/** The kind FlinkStateSnapshot. */
final class SnapshotKind extends UnattendedKind<FlinkStateSnapshot> {
    @Inject
    SnapshotKind(ResourceMapper mapper) {
        super(mapper);
    }

    @Override
    public ResourceType type() {
        return FlinkStateSnapshot.TYPE;
    }

    @Override
    public FlinkStateSnapshot read(JsonNode object) {
        return mapper.stateSnapshot(object);
    }

    @Override
    String deletion() {
        return "A deletion keeps the files of the snapshot, also with spec.savepoint.disposeOnDelete";
    }

    /** One that another operator has brought to its end is as it should be. */
    @Override
    boolean open(FlinkStateSnapshot resource) {
        return !resource.status().state().isTerminal();
    }

    @Override
    List<Condition> conditions(FlinkStateSnapshot resource) {
        return resource.status().conditions();
    }

    @Override
    FlinkStateSnapshot with(List<Condition> conditions, FlinkStateSnapshot resource) {
        return resource.withStatus(
                resource.status().toBuilder().conditions(conditions).build());
    }
}
