package io.drey.plugin.unattended;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.resource.BlueGreenState;
import io.drey.spi.resource.Condition;
import io.drey.spi.resource.FlinkBlueGreenDeployment;
import io.drey.spi.resource.ResourceMapper;
import io.drey.spi.resource.ResourceType;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** The kind FlinkBlueGreenDeployment. */
final class BlueGreenKind extends UnattendedKind<FlinkBlueGreenDeployment> {
    @Inject
    BlueGreenKind(ResourceMapper mapper) {
        super(mapper);
    }

    @Override
    public ResourceType type() {
        return FlinkBlueGreenDeployment.TYPE;
    }

    @Override
    public FlinkBlueGreenDeployment read(JsonNode object) {
        return mapper.blueGreenDeployment(object);
    }

    @Override
    String deletion() {
        return "Its FlinkDeployments are looked after, and go with it when it is deleted";
    }

    @Override
    List<Condition> conditions(FlinkBlueGreenDeployment resource) {
        return resource.status().conditions();
    }

    /** A status says where the resource is: an operator that finds none begins, and finds that written here. */
    @Override
    FlinkBlueGreenDeployment with(List<Condition> conditions, FlinkBlueGreenDeployment resource) {
        var status = resource.status();
        return resource.withStatus(status.toBuilder()
                .blueGreenState(status.blueGreenState().or(() -> Optional.of(BlueGreenState.INITIALIZING_BLUE)))
                .conditions(conditions)
                .build());
    }
}
