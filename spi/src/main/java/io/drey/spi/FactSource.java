package io.drey.spi;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.fact.Projection;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Something to know. Read in each pass in which {@link #when} says so, or on demand when a decision asks for it.
 *
 * <p>Scope: one instance for all resources and tenants. Thread: that of the pass, many passes at once. It reads and changes
 * nothing; from caches wherever a cache has it, since a pass waits for it. It holds no state: what it was told is in its
 * context, and what it saw is in what it returns.
 *
 * <p>Failure: a read that throws leaves the fact {@code Failed}: the pass goes on, and starts no operation that needs it.
 *
 * @param <F> the fact: an immutable value
 */
public interface FactSource<F> {
    /** What it tells. */
    FactType<F> factType();

    /** Watches that keep it fresh: a change of what is watched enqueues the resource. None, unless it says so. Asked once. */
    default List<Watch> needs() {
        return List.of();
    }

    /**
     * Whether it is read in this pass before anything is decided; {@code situation} has the facts of the sources before
     * this one. On demand it is read in any case, and, unless it says otherwise, only then.
     */
    default boolean when(Situation situation) {
        return false;
    }

    /**
     * Looks. The fact is as old as the oldest answer of Flink that it was read from, and of this pass otherwise.
     *
     * @throws io.drey.spi.fact.MissingFact when nothing is known yet, and something will enqueue the resource when it is
     */
    F read(ObserveContext context);

    /**
     * A set of objects to keep in the cache, and the parts of them to keep. Name, namespace, uid and labels are always
     * kept. A change of other parts is not cached and enqueues nothing. A fact that needs more reads the object live.
     *
     * @param apiVersion of the objects, {@code apps/v1}
     * @param kind of the objects
     * @param labels that the objects must carry; an empty value means that the label must be there
     * @param ownerLabel the label whose value is the name of the resource, in the same namespace
     * @param resourceKind of that resource
     * @param reads JSON pointers to the parts that the source reads, {@code /status/conditions}; the empty pointer is the
     *     whole object
     */
    record Watch(
            String apiVersion,
            String kind,
            Map<String, String> labels,
            String ownerLabel,
            String resourceKind,
            Set<String> reads) {
        private static final Set<String> WHOLE = Set.of("");

        public Watch {
            labels = Map.copyOf(labels);
            reads = Set.copyOf(reads);
            for (var pointer : reads) {
                JsonPointer.compile(pointer);
            }
        }

        /** A watch that keeps whole objects. */
        public Watch(
                String apiVersion, String kind, Map<String, String> labels, String ownerLabel, String resourceKind) {
            this(apiVersion, kind, labels, ownerLabel, resourceKind, WHOLE);
        }

        /** The same watch, which keeps only these parts: a tenth of the memory for a pod. */
        public Watch reading(String... pointers) {
            return new Watch(apiVersion, kind, labels, ownerLabel, resourceKind, Set.of(pointers));
        }
    }

    /** What a fact source may look at. */
    interface ObserveContext {
        /** The resource. */
        CustomResource resource();

        /** The pass so far, with the facts that sources before this one have read. */
        Situation situation();

        /** An object from the cache; absence there may only mean that the cache lags. */
        Optional<JsonNode> cached(ObjectKey key);

        /** Objects from the cache whose labels include these. */
        List<JsonNode> cached(String apiVersion, String kind, String namespace, Map<String, String> labels);

        /** An object from the API server. */
        Optional<JsonNode> live(ObjectKey key);

        /** Objects from the API server whose labels include these. */
        List<JsonNode> live(String apiVersion, String kind, String namespace, Map<String, String> labels);

        /** Warning events about an object, newest first, from the API server. */
        List<JsonNode> warnings(ObjectKey about);

        /** Deployed resources of the same kind and name in other namespaces, from the cache. */
        List<Namesake> namesakes();

        /**
         * What the poller last saw of a JobManager, and from now on it is polled.
         *
         * @param every the longest time between two polls
         */
        Polled flink(FlinkRef flink, Duration every);

        /**
         * The same, for who wants to know of one job only: what changes of other jobs does not enqueue the resource.
         *
         * @param jobId the job
         */
        default Polled flink(FlinkRef flink, String jobId, Duration every) {
            return flink(flink, every);
        }

        /**
         * What is known of a job's checkpoints, {@link JobCheckpoints#known} or not: asked for now, and the resource is
         * enqueued when there is an answer that is news.
         */
        JobCheckpoints checkpoints(FlinkRef flink, String jobId);

        /**
         * What is kept of a JobManager's last answer to a query, and from now on it is asked as long as passes want to
         * know. The resource is enqueued when what is kept changes.
         */
        default Document document(FlinkRef flink, DocumentQuery query) {
            return Document.NONE;
        }
    }

    /**
     * Another resource of the same kind and name.
     *
     * @param config that it was deployed with, in the layers of its own tenant
     */
    record Namesake(ResourceRef ref, FlinkConfig config) {}

    /**
     * A question to a JobManager that is asked again and again, and at once when Flink says that something has happened to
     * the job of its path: when a task has failed or started, for example.
     *
     * @param path to GET, with its query: {@code /jobs/ID/exceptions}
     * @param every the time between two questions
     * @param maxBytes of the answer that are read; the parts of a larger one that come later are missing
     * @param projection of the answer that is kept; all else is skipped while the answer is read
     */
    record DocumentQuery(String path, Duration every, int maxBytes, Projection projection) {
        private static final int MAX_BYTES = 256 * 1024;

        /** A query that reads up to 256 KB. */
        public static DocumentQuery of(String path, Duration every, Projection projection) {
            return new DocumentQuery(path, every, MAX_BYTES, projection);
        }
    }

    /**
     * @param jobs what was seen
     * @param at when; {@link Instant#MIN} when it was not polled yet
     */
    record Polled(FlinkJobs jobs, Instant at) {}

    /**
     * @param body what is kept of the last good answer; empty while there is none
     * @param at when it was asked for; {@link Instant#MIN} while there is none
     * @param problem what is missing in it, and why
     */
    record Document(Optional<JsonNode> body, Instant at, Optional<String> problem) {
        /** No answer yet. */
        public static final Document NONE = new Document(Optional.empty(), Instant.MIN, Optional.empty());
    }
}
