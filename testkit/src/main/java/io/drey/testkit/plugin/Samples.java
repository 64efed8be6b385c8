package io.drey.testkit.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.FactSource.Namesake;
import io.drey.spi.FactSource.ObserveContext;
import io.drey.spi.FactSource.Polled;
import io.drey.spi.Listener.ReconcileReport;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.Situation;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Event;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Plan;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceMapper;
import io.drey.testkit.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ordinary resources, and the moments at which a plugin may be asked about them. */
final class Samples {
    static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

    private static final String APPLICATION = """
        apiVersion: flink.apache.org/v1beta1
        kind: FlinkDeployment
        metadata: {namespace: contract, name: application, uid: 6f1a, generation: 1}
        spec:
          image: flink:2.3
          flinkVersion: v2_3
          serviceAccount: flink
          flinkConfiguration: {taskmanager.numberOfTaskSlots: '2'}
          jobManager: {resource: {memory: 1g, cpu: 1}}
          taskManager: {resource: {memory: 1g, cpu: 1}}
          job: {jarURI: local:///opt/job.jar, parallelism: 2, upgradeMode: stateless, state: running}
        """;
    private static final String SESSION = """
        apiVersion: flink.apache.org/v1beta1
        kind: FlinkDeployment
        metadata: {namespace: contract, name: session, uid: 6f1b, generation: 1}
        spec:
          image: flink:1.20
          flinkVersion: v1_20
          serviceAccount: flink
          jobManager: {resource: {memory: 1g, cpu: 1}}
          taskManager: {resource: {memory: 1g, cpu: 1}}
        """;
    private static final String SESSION_JOB = """
        apiVersion: flink.apache.org/v1beta1
        kind: FlinkSessionJob
        metadata: {namespace: contract, name: job, uid: 6f1c, generation: 1}
        spec:
          deploymentName: session
          job: {jarURI: https://example.com/job.jar, parallelism: 2, upgradeMode: stateless, state: running}
        """;
    private static final String SNAPSHOT = """
        apiVersion: flink.apache.org/v1beta1
        kind: FlinkStateSnapshot
        metadata: {namespace: contract, name: snapshot, uid: 6f1d, generation: 1}
        spec:
          jobReference: {kind: FlinkDeployment, name: application}
          savepoint: {}
        """;

    private Samples() {}

    /** Resources as users write them, of several kinds. */
    static List<JsonNode> objects() {
        return List.of(
                Simulation.parse(APPLICATION),
                Simulation.parse(SESSION),
                Simulation.parse(SESSION_JOB),
                Simulation.parse(SNAPSHOT));
    }

    /** The same as records. */
    static List<CustomResource> resources() {
        var mapper = new ResourceMapper();
        return objects().stream().map(mapper::read).toList();
    }

    static FlinkConfig config() {
        return new FlinkConfig(Map.of(
                "jobmanager.memory.process.size", "1024m",
                "taskmanager.memory.process.size", "1024m",
                "taskmanager.numberOfTaskSlots", "2"));
    }

    static Situation situation(CustomResource resource) {
        return new SampleSituation(resource, config());
    }

    static Proposal.Start start() {
        return new Proposal.Start(
                Cause.CREATE, Target.CURRENT, Stop.NONE, Restore.NONE, true, "upgrades/stateless", "native");
    }

    static Operation operation() {
        return new Operation(
                "00112233445566778899aabbccddeeff",
                Cause.CREATE,
                Target.CURRENT,
                1,
                "upgrades/stateless",
                "native",
                Stop.NONE,
                Restore.NONE,
                true,
                Operation.Phase.LAUNCHING,
                1,
                NOW,
                NOW,
                Map.of("jobId", "ffeeddccbbaa99887766554433221100"),
                Optional.empty(),
                Optional.empty());
    }

    /** A pass in which nothing was to do. */
    static Turn turn(CustomResource resource) {
        return new Turn(
                situation(resource),
                Plan.EMPTY,
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty());
    }

    static ReconcileReport report(CustomResource resource) {
        var status = JsonNodeFactory.instance.objectNode();
        return new ReconcileReport(
                resource.ref(),
                resource.metadata().uid(),
                1,
                NOW,
                Duration.ofMillis(5),
                status,
                status.deepCopy().put("lifecycleState", "STABLE"),
                Plan.EMPTY,
                Map.of(),
                List.of(Event.normal("Job", "Submit", "A sample of the contract suite")));
    }

    /** A Deployment with nothing in it. */
    static ObjectNode jobManager(CustomResource resource) {
        var manifest = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "apps/v1")
                .put("kind", "Deployment");
        manifest.withObject("/metadata")
                .put("namespace", resource.metadata().namespace())
                .put("name", resource.metadata().name());
        manifest.withObject("/spec").put("replicas", 1);
        return manifest;
    }

    /** A cluster without any objects. */
    record Nothing(CustomResource resource) implements ObserveContext {
        @Override
        public Situation situation() {
            return Samples.situation(resource);
        }

        @Override
        public Optional<JsonNode> cached(ObjectKey key) {
            return Optional.empty();
        }

        @Override
        public List<JsonNode> cached(String apiVersion, String kind, String namespace, Map<String, String> labels) {
            return List.of();
        }

        @Override
        public Optional<JsonNode> live(ObjectKey key) {
            return Optional.empty();
        }

        @Override
        public List<JsonNode> live(String apiVersion, String kind, String namespace, Map<String, String> labels) {
            return List.of();
        }

        @Override
        public List<Namesake> namesakes() {
            return List.of();
        }

        @Override
        public List<JsonNode> warnings(ObjectKey about) {
            return List.of();
        }

        @Override
        public Polled flink(FlinkRef flink, Duration every) {
            return new Polled(FlinkJobs.UNREACHABLE, NOW);
        }

        @Override
        public JobCheckpoints checkpoints(FlinkRef flink, String jobId) {
            return JobCheckpoints.unread(jobId);
        }
    }
}
