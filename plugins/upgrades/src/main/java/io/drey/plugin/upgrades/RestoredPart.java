package io.drey.plugin.upgrades;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.operation.Operation;
import io.drey.spi.plugin.PluginMemory;
import io.drey.spi.resource.FlinkResource;
import jakarta.inject.Inject;
import java.util.Optional;

/** Remembers the path that the job was started from, for as long as it goes on under its id. */
final class RestoredPart extends PluginMemory<Restored> {
    static final String PLUGIN = "upgrades";
    static final String FIELD = "restored";

    @Inject
    RestoredPart(ObjectMapper mapper) {
        super(mapper, PLUGIN, FIELD, Restored.class);
    }

    @Override
    public Optional<Restored> reduce(Optional<Restored> part, Turn turn) {
        var launch = turn.before().filter(Operation::launch).filter(operation -> turn.ended() && !operation.inPlace());
        if (launch.isPresent()) {
            return Restored.after(launch.get(), part);
        }
        return turn.situation().resource() instanceof FlinkResource resource
                ? part.map(restored -> turn.situation()
                        .sinceLaunch(JobCheckpoints.TYPE, resource.status())
                        .map(restored::identified)
                        .orElse(restored))
                : part;
    }
}
