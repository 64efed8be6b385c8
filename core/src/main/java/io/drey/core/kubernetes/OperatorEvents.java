package io.drey.core.kubernetes;

import static java.util.Objects.requireNonNull;

import io.drey.core.port.KubernetesApi;
import io.drey.core.port.KubernetesError;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.ObjectKey;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Events about the operator itself, on its own Deployment. Never throws: what is told here is in the log as well. */
public final class OperatorEvents {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorEvents.class);

    private final KubernetesApi api;
    private final Optional<ObjectKey> deployment;
    private final Clock clock;

    /** @param deployment empty when the operator runs outside of a cluster */
    public OperatorEvents(KubernetesApi api, Optional<ObjectKey> deployment, Clock clock) {
        this.api = requireNonNull(api);
        this.deployment = requireNonNull(deployment);
        this.clock = requireNonNull(clock);
    }

    /** Writes it, unless the same one is there. */
    public void tell(Event event) {
        try {
            deployment
                    .flatMap(key -> api.get(key)
                            .map(found -> found.path("metadata").path("uid").asText())
                            .map(uid -> EventManifest.of(key, uid, event, clock.instant())))
                    .ifPresent(api::create);
        } catch (KubernetesError e) {
            LOG.info("the event {} was not written: {}", event.reason(), e.getMessage());
        }
    }
}
