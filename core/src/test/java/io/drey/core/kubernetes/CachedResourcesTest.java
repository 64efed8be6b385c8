package io.drey.core.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.drey.core.port.Schedule.Priority;
import io.drey.core.port.WorkingFor;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.ResourceRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CachedResourcesTest {
    private static final ResourceRef JOB = new ResourceRef("FlinkDeployment", "shop", "job");

    private final CachedResources resources = new CachedResources();
    private final TestKind kind = new TestKind(object -> {});

    private static ObjectNode yaml(String text) {
        try {
            return (ObjectNode) new YAMLMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode job(int version, int generation, String rest) {
        return yaml("""
                apiVersion: flink.apache.org/v1beta1
                kind: FlinkDeployment
                metadata: {namespace: shop, name: job, uid: a, resourceVersion: "%d", generation: %d%s}
                spec: {image: flink:%d}
                """.formatted(version, generation, rest, generation));
    }

    private String image(TestKind by) {
        return ((FlinkDeployment) resources.get(JOB, by).orElseThrow())
                .spec()
                .image()
                .orElseThrow();
    }

    @Test
    void a_version_is_read_once() {
        assertThat(resources.put(JOB, job(1, 1, ""))).contains(Priority.EDIT);
        assertThat(resources.put(JOB, job(1, 1, ""))).as("listed again").isEmpty();
        assertThat(image(kind)).isEqualTo("flink:1");
        assertThat(image(kind)).isEqualTo("flink:1");

        assertThat(kind.reads()).isEqualTo(1);
    }

    @Test
    void an_edit_a_deletion_and_a_finalizer_are_more_urgent_than_a_status() {
        resources.put(JOB, job(1, 1, ""));
        assertThat(image(kind)).isEqualTo("flink:1");

        assertThat(resources.put(JOB, job(2, 1, ""))).contains(Priority.EVENT);
        assertThat(resources.put(JOB, job(3, 2, ""))).contains(Priority.EDIT);
        assertThat(resources.put(JOB, job(4, 2, ", finalizers: [x]"))).contains(Priority.EDIT);
        assertThat(image(kind)).isEqualTo("flink:2");
        assertThat(resources.put(JOB, job(5, 2, ", finalizers: [x]"))).contains(Priority.EVENT);
        assertThat(resources.put(JOB, job(6, 2, ", finalizers: [x], deletionTimestamp: 2026-01-01T00:00:00Z")))
                .contains(Priority.EDIT);
        assertThat(image(kind)).isEqualTo("flink:2");
        assertThat(resources.put(JOB, job(7, 2, ", finalizers: [x], deletionTimestamp: 2026-01-01T00:00:00Z")))
                .contains(Priority.EVENT);
    }

    @Test
    void a_read_that_fails_costs_nothing_and_is_made_again() {
        var fails = new AtomicBoolean(true);
        var late = new TestKind(object -> {
            if (fails.get()) {
                throw new IllegalStateException("plugin deployments is not called, since it hangs");
            }
        });
        resources.put(JOB, job(1, 1, ""));

        assertThatThrownBy(() -> resources.get(JOB, late)).hasMessageContaining("is not called");
        assertThat(resources.refs()).containsExactly(JOB);
        assertThat(resources.has(JOB)).isTrue();
        fails.set(false);
        assertThat(image(late)).isEqualTo("flink:1");
    }

    @Test
    void a_spec_that_is_recorded_twice_is_held_once() {
        var object = job(1, 1, "");
        var recorded = "{\"spec\": {\"image\": \"flink:1\"}}" + " ".repeat(100);
        object.withObject("/status/reconciliationStatus")
                .put("lastReconciledSpec", recorded)
                .put("lastStableSpec", recorded);
        resources.put(JOB, object);

        var status = ((FlinkDeployment) resources.get(JOB, kind).orElseThrow())
                .status()
                .reconciliationStatus();
        assertThat(status.lastReconciledSpec().orElseThrow())
                .isSameAs(status.lastStableSpec().orElseThrow());
    }

    @Test
    void each_is_read_in_its_own_name_whoever_asks_for_it() {
        List<ResourceRef> workedFor = new ArrayList<>();
        var notes = new TestKind(object -> workedFor.add(WorkingFor.current().orElseThrow()));
        resources.put(JOB, job(1, 1, ""));
        resources.warm(notes);

        var namesake = new ResourceRef("FlinkDeployment", "blog", "job");
        resources.put(JOB, job(2, 2, ""));
        try (var working = WorkingFor.resource(namesake)) {
            resources.get(JOB, notes);
            assertThat(WorkingFor.current()).contains(namesake);
        }

        assertThat(workedFor).containsExactly(JOB, JOB);
        assertThat(WorkingFor.current()).isEmpty();
    }

    @Test
    void all_are_read_at_the_start_and_a_slow_first_call_costs_only_itself() {
        var calls = new AtomicInteger();
        var cold = new TestKind(object -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("it took longer than 5 s");
            }
        });
        for (int i = 0; i < 10; i++) {
            resources.put(new ResourceRef("FlinkDeployment", "shop", "job-" + i), job(1, 1, ""));
        }
        resources.warm(cold);

        assertThat(calls).hasValue(10);
        assertThat(cold.reads()).isEqualTo(9);
    }

    @Test
    void a_kind_that_goes_on_failing_does_not_delay_the_start() {
        var calls = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            resources.put(new ResourceRef("FlinkDeployment", "shop", "job-" + i), job(1, 1, ""));
        }
        resources.warm(new TestKind(object -> {
            calls.incrementAndGet();
            throw new IllegalStateException("it took longer than 5 s");
        }));

        assertThat(calls).hasValue(2);
    }

    @Test
    void an_unreadable_resource_is_left_alone_until_it_is_changed() {
        var strict = new TestKind(object -> {
            if (object.at("/spec/image").asText().equals("flink:2")) {
                throw new IllegalArgumentException("spec.image: found flink:2, must be another");
            }
        });
        resources.put(JOB, job(1, 1, ""));
        assertThat(image(strict)).isEqualTo("flink:1");
        resources.put(JOB, job(2, 2, ""));

        assertThat(resources.get(JOB, strict)).as("no older version is used").isEmpty();
        var why = resources.unreadable(JOB, strict).orElseThrow();
        assertThat(why.why()).contains("spec.image");
        assertThat(why.shell().orElseThrow().ref()).isEqualTo(JOB);
        assertThat(resources.unreadable()).isEqualTo(1);
        assertThat(resources.put(JOB, job(3, 3, ""))).contains(Priority.EDIT);
        assertThat(image(strict)).isEqualTo("flink:3");
        assertThat(resources.unreadable(JOB, strict)).isEmpty();
        assertThat(resources.unreadable()).isZero();
    }

    @Test
    void an_unreadable_resource_can_be_deleted_by_the_spec_that_was_carried_out() {
        var strict = new TestKind(object -> {
            if (object.at("/spec/image").asText().equals("flink:2")) {
                throw new IllegalArgumentException("spec.image: found flink:2, must be another");
            }
        });
        var object = job(2, 2, ", finalizers: [x], deletionTimestamp: 2026-01-01T00:00:00Z");
        object.set(
                "status", yaml("{reconciliationStatus: {lastReconciledSpec: '{\"spec\": {\"image\": \"flink:1\"}}'}}"));
        resources.put(JOB, object);

        assertThat(image(strict)).isEqualTo("flink:1");
        assertThat(resources.get(JOB, strict).orElseThrow().metadata().deleting())
                .isTrue();
    }

    @Test
    void nothing_is_deleted_by_a_status_that_cannot_be_read() {
        var strict = new TestKind(object -> {
            if (object.has("status")) {
                throw new IllegalArgumentException("status: found something newer");
            }
        });
        var object = job(2, 2, ", deletionTimestamp: 2026-01-01T00:00:00Z");
        object.set("status", yaml("{error: x}"));
        resources.put(JOB, object);

        assertThat(resources.get(JOB, strict)).isEmpty();
        assertThat(resources.unreadable(JOB, strict).orElseThrow().shell()).isPresent();
    }

    @Test
    void resources_are_found_by_namespace() {
        var other = new ResourceRef("FlinkDeployment", "other", "job");
        resources.put(JOB, job(1, 1, ""));
        resources.put(other, job(1, 1, ""));

        assertThat(resources.refs("shop")).containsExactly(JOB);
        resources.remove(JOB);
        assertThat(resources.refs("shop")).isEmpty();
        assertThat(resources.refs("other")).containsExactly(other);
    }
}
