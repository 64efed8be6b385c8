package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.FactSource.Namesake;
import io.drey.spi.FactSource.ObserveContext;
import io.drey.spi.FactSource.Polled;
import io.drey.spi.Situation;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.fact.MissingFact;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.CustomResource;
import io.drey.testkit.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where the facts come from: the cache in steady state, the API server where it matters. */
class FactSourcesTest {
    private final ClusterObjectsSource objects = new ClusterObjectsSource();
    private final FlinkJobsSource jobs = new FlinkJobsSource();

    @Test
    @Tag("S021")
    void s021_steady_state_reads_the_cache_only() {
        var context = new Context(Passes.running(Yaml.application("a")).situation());
        context.cached = Optional.of(Seen.deployment(1, 1));

        assertThat(objects.when(context.situation())).isTrue();
        assertThat(objects.read(context).jobManager()).isPresent();
        assertThat(context.liveReads).isEmpty();
    }

    @Test
    void absence_is_confirmed_by_a_live_read() {
        var lagging = new Context(Passes.running(Yaml.application("a")).situation());
        lagging.live = Optional.of(Seen.deployment(1, 1));
        var gone = new Context(Passes.running(Yaml.application("a")).situation());

        assertThat(objects.read(lagging).jobManager()).isPresent();
        assertThat(objects.read(gone)).isEqualTo(ClusterObjects.ABSENT);
        assertThat(gone.liveReads).containsExactly("Deployment tests/job", "Pod tests");
    }

    @Test
    void the_autoscalers_config_map_is_read_from_the_cache_and_live_before_its_absence_counts() {
        var source = new AutoscalerStateSource();
        var cached = new Context(Passes.running(Yaml.application("a")).situation());
        cached.cached = Optional.of(Simulation.parse("data: {parallelismOverrides: 'a:1', configOverrides: ''}"));
        var gone = new Context(Passes.running(Yaml.application("a")).situation());

        assertThat(source.read(cached)).isEqualTo(new AutoscalerState(true, false));
        assertThat(cached.liveReads).isEmpty();
        assertThat(source.read(gone)).isEqualTo(new AutoscalerState(false, false));
        assertThat(gone.liveReads).containsExactly("ConfigMap tests/autoscaler-job");
    }

    @Test
    void an_operation_a_deletion_and_an_unfinished_attempt_are_read_live() {
        var running = new Passes(Yaml.application("a")).start();
        var unfinished = new Passes(Yaml.application("a")).start();
        unfinished.status(unfinished.status().withoutOperation());
        var deleted = Passes.running(Yaml.application("a")).deleted();

        for (var passes : List.of(running, unfinished, deleted)) {
            var context = new Context(passes.situation());
            context.cached = Optional.of(Seen.deployment(1, 1));
            assertThat(objects.when(context.situation())).isTrue();
            assertThat(objects.read(context)).isEqualTo(ClusterObjects.ABSENT);
        }
    }

    @Test
    void what_is_suspended_or_was_never_deployed_is_not_looked_at() {
        var fresh = new Passes(Yaml.application("a"));
        var suspended = Passes.running(Yaml.application("a")).strategy("stateless", Changes.STATELESS);
        suspended
                .apply(Yaml.application("a", "suspended", ""))
                .start()
                .sees(ClusterObjects.ABSENT)
                .at(Phase.STOPPED)
                .end();

        for (var passes : List.of(fresh, suspended)) {
            assertThat(objects.when(passes.situation())).isFalse();
            assertThat(jobs.when(passes.situation())).isFalse();
        }
    }

    @Test
    @Tag("S020")
    void s020_failed_mounts_are_asked_for_only_of_a_pod_that_has_waited_for_some_time() {
        var passes = new Passes(Yaml.application("a"));
        passes.start().launch();
        var waiting = Simulation.parse("""
            apiVersion: v1
            kind: Pod
            metadata: {namespace: tests, name: job-pod}
            status:
              conditions: [{type: Ready, status: 'False'}, {type: PodReadyToStartContainers, status: 'False'}]
            """);
        var ready = ((ObjectNode) waiting.deepCopy());
        ready.withObject("/status").set("conditions", Simulation.parse("[{type: Ready, status: 'True'}]"));

        assertThat(warnings(passes, Seen.deployment(1, 0), waiting)).containsExactly("no such secret");
        assertThat(warnings(passes, Seen.deployment(1, 0), ready)).isEmpty();
        assertThat(warnings(passes, Seen.deployment(1, 1), waiting)).isEmpty();
        var young = Seen.deployment(1, 0);
        young.withObject("/metadata").put("creationTimestamp", "2026-11-01T11:59:55Z");
        assertThat(warnings(passes, young, waiting)).isEmpty();
    }

    private List<String> warnings(Passes passes, JsonNode deployment, JsonNode pod) {
        var context = new Context(passes.situation());
        context.cached = Optional.of(deployment);
        context.pods = List.of(pod);
        context.warnings = List.of(
                Simulation.parse("{reason: BackOff, message: other}"),
                Simulation.parse("{reason: FailedMount, message: no such secret}"));
        return objects.read(context).warnings();
    }

    @Test
    void flink_is_asked_often_while_something_is_under_way_and_rarely_when_all_is_well() {
        var starting = new Passes(Yaml.application("a"));
        starting.start().launch();
        var context = new Context(starting.situation());
        jobs.read(context);
        assertThat(context.every).isEqualTo(Duration.ofMillis(250));
        assertThat(context.asked).isEqualTo(new FlinkRef("tests", "job", 8081));

        var slow = new Context(starting.later(Duration.ofMinutes(3)).situation());
        jobs.read(slow);
        assertThat(slow.every).isEqualTo(Duration.ofMillis(500));

        var well = new Context(Passes.running(Yaml.application("a")).situation());
        jobs.read(well);
        assertThat(well.every).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void a_job_that_has_been_stable_for_an_hour_is_polled_less_often() {
        assertThat(paceAfter(Duration.ofMinutes(59), "")).isEqualTo(Duration.ofSeconds(5));
        assertThat(paceAfter(Duration.ofMinutes(61), "")).isEqualTo(Duration.ofMinutes(1));
        assertThat(paceAfter(Duration.ofMinutes(61), "kubernetes.operator.reconcile.interval: 30 s, "))
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(paceAfter(Duration.ofMinutes(61), "kubernetes.operator.reconcile.interval: 1 s, "))
                .isEqualTo(Duration.ofSeconds(5));
    }

    private Duration paceAfter(Duration time, String config) {
        var yaml = Yaml.application("a").replace("flinkConfiguration: {", "flinkConfiguration: {" + config);
        var context = new Context(Passes.running(yaml).later(time).situation());
        jobs.read(context);
        return context.every;
    }

    @Test
    void the_port_is_that_of_the_deployed_configuration() {
        var yaml = Yaml.application("a").replace("flinkConfiguration: {", "flinkConfiguration: {rest.port: '9000', ");
        var passes = Passes.running(yaml);
        passes.apply(Yaml.application("a"));
        var context = new Context(passes.situation());

        jobs.read(context);

        assertThat(context.asked.port()).isEqualTo(9000);
    }

    @Test
    void a_job_manager_that_was_not_asked_yet_is_no_fact() {
        var context = new Context(Passes.running(Yaml.application("a")).situation());
        context.polledAt = Instant.MIN;

        assertThatThrownBy(() -> jobs.read(context)).isInstanceOf(MissingFact.class);
    }

    /** An API server of one Deployment. */
    private static final class Context implements ObserveContext {
        private final TestSituation situation;
        private final List<String> liveReads = new ArrayList<>();
        private Optional<JsonNode> cached = Optional.empty();
        private Optional<JsonNode> live = Optional.empty();
        private List<JsonNode> pods = List.of();
        private List<JsonNode> warnings = List.of();
        private Instant polledAt = Passes.BEGIN;
        private Duration every = Duration.ZERO;
        private FlinkRef asked = new FlinkRef("", "", 0);

        Context(TestSituation situation) {
            this.situation = situation;
        }

        @Override
        public CustomResource resource() {
            return situation.resource();
        }

        @Override
        public Situation situation() {
            return situation;
        }

        @Override
        public Optional<JsonNode> cached(ObjectKey key) {
            return cached;
        }

        @Override
        public List<JsonNode> cached(String apiVersion, String kind, String namespace, Map<String, String> labels) {
            return pods;
        }

        @Override
        public Optional<JsonNode> live(ObjectKey key) {
            liveReads.add(key.toString());
            return live;
        }

        @Override
        public List<JsonNode> live(String apiVersion, String kind, String namespace, Map<String, String> labels) {
            liveReads.add(kind + " " + namespace);
            return List.of();
        }

        @Override
        public List<JsonNode> warnings(ObjectKey about) {
            return warnings;
        }

        @Override
        public List<Namesake> namesakes() {
            throw new AssertionError("not needed");
        }

        @Override
        public Polled flink(FlinkRef flink, Duration interval) {
            asked = flink;
            every = interval;
            return new Polled(FlinkJobs.UNREACHABLE, polledAt);
        }

        @Override
        public JobCheckpoints checkpoints(FlinkRef flink, String jobId) {
            return JobCheckpoints.unread(jobId);
        }
    }
}
