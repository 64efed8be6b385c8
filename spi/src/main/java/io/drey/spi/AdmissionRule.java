package io.drey.spi;

import static java.util.Objects.requireNonNull;

import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import java.util.List;
import java.util.Optional;

/**
 * Says whether a spec may be carried out. The same rules are asked in every pass and at admission, for resources of
 * every kind: a rule has nothing to say about kinds that it does not know.
 *
 * <p>Scope: one instance for all resources and tenants. Thread: any, many at once. Pure: it looks at its request only. No
 * name is resolved and nothing is fetched, so that the answer does not depend on the weather.
 *
 * <p>Failure: a rule that throws is a bug. The pass starts no operation; it never counts as a violation, nor as consent.
 * What the user wrote wrongly is a {@link Violation}.
 */
public interface AdmissionRule {
    /** Where its violations stand among those of other rules: the lowest comes first. Ties go by class name. */
    default int order() {
        return 1000;
    }

    /** All violations, the most important one first; empty when there is nothing to say. */
    List<Violation> check(AdmissionRequest request);

    /**
     * @param resource the spec in question
     * @param deployed the spec that runs
     * @param config the configuration that the spec in question would run under: for a session job that of its cluster
     *     with the job's own keys over it
     * @param platform the operator's own configuration: for what no resource may set for itself
     * @param related other resources; empty when whoever asks cannot look, and then a rule must not conclude that one is
     *     missing
     */
    record AdmissionRequest(
            CustomResource resource,
            Optional<? extends CustomResource> deployed,
            FlinkConfig config,
            FlinkConfig platform,
            Optional<Related> related) {
        public AdmissionRequest {
            requireNonNull(resource, "resource");
            requireNonNull(deployed, "deployed");
            requireNonNull(config, "config");
            requireNonNull(platform, "platform");
            requireNonNull(related, "related");
        }

        /** For a resource that refers to no other, and sets nothing that only the operator may. */
        public AdmissionRequest(
                CustomResource resource, Optional<? extends CustomResource> deployed, FlinkConfig config) {
            this(resource, deployed, config, FlinkConfig.EMPTY, Optional.empty());
        }
    }

    /** Other resources as they are known now, from a cache. */
    @FunctionalInterface
    interface Related {
        /** The resource; empty when there is none of this name. */
        Optional<CustomResource> find(ResourceRef ref);
    }

    /** What a violation does. */
    enum Effect {
        /** The deployed spec stays in force; nothing is deployed if there is none. */
        KEEP_DEPLOYED,
        /** An event, and the resource is left alone. */
        LEAVE_ALONE
    }

    /**
     * @param field path of the field, {@code spec.job.parallelism}
     * @param message what was found and what is allowed
     * @param mend what to do
     * @param reason of the event, {@code ValidationError} unless the contract has another
     */
    record Violation(String field, String message, String mend, Effect effect, String reason) {
        public Violation {
            requireNonNull(field, "field");
            requireNonNull(message, "message");
            requireNonNull(mend, "mend");
            requireNonNull(effect, "effect");
            requireNonNull(reason, "reason");
        }

        /** The usual violation: the deployed spec stays in force. */
        public static Violation of(String field, String message, String mend) {
            return new Violation(field, message, mend, Effect.KEEP_DEPLOYED, "ValidationError");
        }

        /** One sentence with all three. */
        public String text() {
            return field + ": " + message + ". " + mend;
        }

        /** What its event says: of a resource that is left alone the message only, which the contract has word for word. */
        public String eventText() {
            return effect == Effect.LEAVE_ALONE ? message : text();
        }
    }
}
