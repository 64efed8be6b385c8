package io.drey.spi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.CustomResource;
import java.util.List;
import java.util.Set;

/**
 * Changes what is launched, in one phase. Decorators of a phase run by plugin id, later ones win.
 *
 * <p>Scope: one instance for all resources and tenants. Thread: any, many at once. Pure: it returns a new value and leaves
 * its argument alone. It is asked in every pass, not only in one that launches, and the same input must give the same
 * value: in phase SPEC an answer that varies starts an upgrade each time.
 *
 * <p>Failure: an {@link IllegalArgumentException} is about what the user wrote and is shown to the user; anything else is a
 * bug. Either way the pass starts no operation: a failure does not read as "no change".
 *
 * @param <T> what is changed in its phase
 */
public interface Decorator<T> {
    /** Which value it changes. */
    Phase<T> phase();

    /** The kinds of resource that it applies to. */
    Set<String> kinds();

    /** The changed value. */
    T decorate(T value, Situation situation);

    /** @param name for messages */
    record Phase<T>(String name) {
        /**
         * The spec, before it is compared with the deployed one: a change here starts an upgrade. The situation has the
         * resource, the deployed spec and the configuration, and a fact that is asked for is read.
         */
        public static final Phase<CustomResource> SPEC = new Phase<>("SPEC");

        /** Flink configuration of a launch. */
        public static final Phase<FlinkConfig> CONFIG = new Phase<>("CONFIG");

        /** Pod templates of a launch. */
        public static final Phase<PodTemplates> PODS = new Phase<>("PODS");

        /** Objects of a launch, and those attached to it. */
        public static final Phase<List<ObjectNode>> OBJECTS = new Phase<>("OBJECTS");
    }

    /**
     * Pod templates, as PodTemplateSpec; empty objects where there is none.
     *
     * @param jobManager merged from the base and the JobManager's own
     * @param taskManager merged from the base and the TaskManager's own
     */
    record PodTemplates(ObjectNode jobManager, ObjectNode taskManager) {}
}
