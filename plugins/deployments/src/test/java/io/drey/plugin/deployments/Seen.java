package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.fact.FlinkJobs.Tasks;
import io.drey.testkit.Simulation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is seen of a cluster, as values. */
final class Seen {
    static final Instant STARTED = Instant.parse("2026-11-01T11:00:00Z");

    private Seen() {}

    /** A JobManager Deployment that a launch of this generation made, with this many replicas available. */
    static ObjectNode deployment(long generation, int available) {
        return (ObjectNode) Simulation.parse("""
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  namespace: tests
                  name: job
                  creationTimestamp: '2026-11-01T11:59:00Z'
                  annotations: {flinkdeployment.flink.apache.org/generation: '%d'}
                spec: {replicas: 1}
                status: {availableReplicas: %d}
                """.formatted(generation, available));
    }

    static ClusterObjects available(long generation) {
        return objects(deployment(generation, 1));
    }

    static ClusterObjects starting(long generation) {
        return objects(deployment(generation, 0));
    }

    /** Being deleted, with its JobManager still there. */
    static ClusterObjects leaving(long generation) {
        var deployment = deployment(generation, 0);
        deployment.withObject("/metadata").put("deletionTimestamp", "2026-11-01T11:59:30Z");
        return objects(deployment);
    }

    static ClusterObjects objects(ObjectNode deployment, JsonNode... pods) {
        return new ClusterObjects(Optional.of(deployment), List.of(pods), List.of());
    }

    /** A pod with a container, or an init container, that waits for this reason. */
    static ObjectNode pod(String statuses, String reason, String message, String terminated) {
        return (ObjectNode) Simulation.parse("""
                apiVersion: v1
                kind: Pod
                metadata: {namespace: tests, name: job-pod}
                status:
                  %s:
                    - name: flink-main-container
                      state: {waiting: {reason: %s, message: '%s'}}
                      lastState: {terminated: {message: '%s'}}
                """.formatted(statuses, reason, message, terminated));
    }

    static FlinkJobs unreachable() {
        return FlinkJobs.UNREACHABLE;
    }

    /** A JobManager that serves and lists no job. */
    static FlinkJobs serving() {
        return new FlinkJobs(Reach.SERVING, List.of(), Map.of("flink-version", "2.3.0"), 1);
    }

    static FlinkJobs job(String id, String state) {
        return job(id, state, Optional.empty());
    }

    static FlinkJobs job(String id, String state, Optional<String> failure) {
        return job(new Job(id, "word count", state, STARTED, failure, Optional.empty()));
    }

    /** A job that is RUNNING, with these tasks. */
    static FlinkJobs job(String id, Tasks tasks) {
        return job(new Job(id, "word count", "RUNNING", STARTED, Optional.empty(), Optional.of(tasks)));
    }

    private static FlinkJobs job(Job job) {
        return new FlinkJobs(Reach.SERVING, List.of(job), Map.of("flink-version", "2.3.0"), 1);
    }
}
