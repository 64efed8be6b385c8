package io.drey.core.port;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The API server, live. Each call is one request, with a time limit, and no retry: the caller decides. Thread-safe.
 *
 * <p>Every method throws {@link KubernetesError} when the API server refuses or does not answer.
 */
public interface KubernetesApi {
    /** An object as it is now. */
    Optional<JsonNode> get(ObjectKey key);

    /** Objects whose labels include these; an empty value means that the label must be there. */
    List<JsonNode> list(String apiVersion, String kind, String namespace, Map<String, String> labels);

    /**
     * Creates an object.
     *
     * @return it as stored, or empty when one of this name exists
     */
    Optional<JsonNode> create(ObjectNode manifest);

    /**
     * Asks whether the API server would create an object, and creates nothing: validation, admission and quotas count.
     *
     * @return why it would not; empty when it would, or would but for an object of this name
     */
    Optional<KubernetesError> refusal(ObjectNode manifest);

    /** Server-side apply by field manager {@code drey}, with force. */
    JsonNode apply(ObjectNode manifest);

    /** JSON merge patch; fails with 409 when the object's version is another one. */
    JsonNode patch(ObjectKey key, String resourceVersion, JsonNode merge);

    /** Deletes the object of this uid. One that is gone or has another uid is success. */
    void delete(ObjectKey key, String uid, Step.Propagation propagation);

    /** A custom resource as it is now. */
    Optional<CustomResource> resource(ResourceRef ref);

    /**
     * Replaces the status subresource; fails with 409 when the resource's version is another one.
     *
     * @param resource whose uid and resourceVersion must be the stored one's
     * @return the resource as stored
     */
    CustomResource replaceStatus(CustomResource resource, ObjectNode status);

    /**
     * Sets the finalizers; fails with 409 when the resource's version is another one.
     *
     * @return the resource as stored, or empty when it is gone
     */
    Optional<CustomResource> replaceFinalizers(CustomResource resource, List<String> finalizers);

    /**
     * Writes an event about a resource: a new one, or one more of an existing one.
     *
     * @return whether it is news: false for one that is written once only, and was there
     */
    boolean event(CustomResource about, Event event);

    /** Warning events about an object, newest first, at most 20. */
    List<JsonNode> warnings(ObjectKey about);
}
