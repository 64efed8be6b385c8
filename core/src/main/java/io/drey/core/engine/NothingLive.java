package io.drey.core.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.port.KubernetesApi;
import io.drey.core.port.KubernetesError;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.MissingFact;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Step.Propagation;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The API server of a trial: a fact that needs a live read is not read, and nothing is written. Trials run over all
 * resources, again and again while a swap is refused, so they must not cost a request each.
 */
final class NothingLive implements KubernetesApi {
    private static final FactType<Object> LIVE = new FactType<>("live", Object.class);

    @Override
    public Optional<JsonNode> get(ObjectKey key) {
        throw new MissingFact(LIVE);
    }

    @Override
    public List<JsonNode> list(String apiVersion, String kind, String namespace, Map<String, String> labels) {
        throw new MissingFact(LIVE);
    }

    @Override
    public List<JsonNode> warnings(ObjectKey about) {
        throw new MissingFact(LIVE);
    }

    @Override
    public Optional<CustomResource> resource(ResourceRef ref) {
        throw new MissingFact(LIVE);
    }

    @Override
    public Optional<JsonNode> create(ObjectNode manifest) {
        throw writes();
    }

    @Override
    public Optional<KubernetesError> refusal(ObjectNode manifest) {
        return Optional.empty();
    }

    @Override
    public JsonNode apply(ObjectNode manifest) {
        throw writes();
    }

    @Override
    public JsonNode patch(ObjectKey key, String resourceVersion, JsonNode merge) {
        throw writes();
    }

    @Override
    public void delete(ObjectKey key, String uid, Propagation propagation) {
        throw writes();
    }

    @Override
    public CustomResource replaceStatus(CustomResource resource, ObjectNode status) {
        throw writes();
    }

    @Override
    public Optional<CustomResource> replaceFinalizers(CustomResource resource, List<String> finalizers) {
        throw writes();
    }

    @Override
    public boolean event(CustomResource about, Event event) {
        throw writes();
    }

    private static IllegalStateException writes() {
        return new IllegalStateException("a trial writes nothing");
    }
}
