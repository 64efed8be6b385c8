package io.drey.plugin.deployments;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.fact.ClusterObjects;
import io.drey.spi.operation.Operation.Phase;
import io.drey.spi.plan.Proposal;
import io.drey.spi.resource.FlinkJobState;
import io.drey.spi.resource.LifecycleState;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A spec that was not admitted: told once, and the deployed one goes on. */
class ValidationTest {
    private static final Violation NEGATIVE =
            Violation.of("spec.job.parallelism", "found -1, must be above 0", "Set it");
    private static final Violation SWITCHED =
            Violation.of("spec.job", "a session cluster cannot become an application", "Make another resource");

    @Test
    @Tag("S005")
    void s005_a_bad_edit_is_told_and_the_job_goes_on_under_the_old_spec() {
        var passes = Passes.running(Yaml.application("a"));
        passes.apply(Yaml.application("b")).violating(NEGATIVE);

        assertThat(passes.proposed()).isInstanceOf(Proposal.Mark.class);
        passes.rest();

        assertThat(passes.reasons()).containsExactly("ValidationError");
        assertThat(passes.event("ValidationError").component()).isEqualTo("Operator");
        assertThat(passes.status().error().orElseThrow())
                .contains(
                        "\"type\":\"org.apache.flink.kubernetes.operator.exception.ValidationException\"",
                        "spec.job.parallelism: found -1");
        assertThat(passes.status().jobStatus().state()).contains(FlinkJobState.RUNNING);
        assertThat(passes.status().observedGeneration()).contains(1L);
        assertThat(passes.condition("Stalled").holds()).isTrue();
        assertThat(passes.condition("Ready").message()).isEqualTo(NEGATIVE.text());
        assertThat(passes.condition("Ready").observedGeneration()).contains(2L);
    }

    @Test
    @Tag("S005")
    void s005_the_job_is_observed_while_the_edit_is_bad() {
        var passes = Passes.running(Yaml.application("a"));
        passes.apply(Yaml.application("b")).violating(NEGATIVE).rest();

        passes.sees(Seen.job(passes.jobId(), "RESTARTING")).rest();

        assertThat(passes.reasons()).containsExactly("JobStatusChanged");
    }

    @Test
    @Tag("S005")
    void s005_a_bad_edit_is_told_again_only_when_it_is_another_one() {
        var passes = Passes.running(Yaml.application("a"));
        passes.apply(Yaml.application("b")).violating(NEGATIVE).rest();
        var told = passes.json();

        passes.later(Duration.ofMinutes(1)).rest();
        assertThat(passes.reasons()).isEmpty();
        assertThat(passes.json()).isEqualTo(told);

        passes.apply(Yaml.application("c")).rest();
        assertThat(passes.reasons()).containsExactly("ValidationError");
        passes.violating(SWITCHED).rest();
        assertThat(passes.reasons()).containsExactly("ValidationError");
    }

    @Test
    @Tag("S006")
    void s006_the_mended_spec_is_carried_out_and_the_error_goes() {
        var passes = Passes.running(Yaml.application("a")).strategy("stateless", Changes.STATELESS);
        passes.apply(Yaml.application("b")).violating(NEGATIVE).rest();

        passes.apply(Yaml.application("c")).violating().start();

        assertThat(passes.status().error()).isEmpty();
        assertThat(passes.reasons()).containsExactly("SpecChanged", "Suspended");
    }

    @Test
    @Tag("S007")
    void s007_a_bad_spec_that_was_never_deployed_waits() {
        var passes = new Passes(Yaml.application("a")).violating(NEGATIVE);

        assertThat(passes.proposed()).isEqualTo(Proposal.Idle.NOW);
        passes.rest();

        assertThat(passes.status().error()).isPresent();
        assertThat(passes.status().reconciliationStatus().lastReconciledSpec()).isEmpty();
        assertThat(passes.status().lifecycleState()).contains(LifecycleState.FAILED);

        passes.apply(Yaml.application("a", "suspended", "")).violating().rest();
        assertThat(passes.status().error()).isEmpty();
        assertThat(passes.status().lifecycleState()).contains(LifecycleState.CREATED);
    }

    @Test
    @Tag("S008")
    void s008_a_bad_edit_on_the_way_does_not_keep_the_recorded_spec_from_being_launched() {
        var passes = Passes.running(Yaml.application("a")).strategy("stateless", Changes.STATELESS);
        passes.apply(Yaml.application("b")).start().sees(ClusterObjects.ABSENT).at(Phase.STOPPED);

        passes.apply(Yaml.application("c"))
                .violating(NEGATIVE)
                .at(Phase.LAUNCHING)
                .end();

        assertThat(passes.recorded().spec().image()).contains("b");
        assertThat(passes.status().observedGeneration()).contains(2L);
        assertThat(passes.status().jobStatus().state()).contains(FlinkJobState.RECONCILING);
    }

    @Test
    @Tag("S008")
    void s008_so_it_is_without_an_operation_in_the_status() {
        var passes = Passes.running(Yaml.application("a")).strategy("stateless", Changes.STATELESS);
        passes.apply(Yaml.application("b")).start().sees(ClusterObjects.ABSENT).at(Phase.STOPPED);
        passes.status(passes.status().withoutOperation());

        passes.apply(Yaml.application("c")).violating(NEGATIVE);

        assertThat(passes.proposed())
                .isInstanceOfSatisfying(
                        Proposal.Start.class,
                        start -> assertThat(start.launch()).isTrue());
    }

    @Test
    @Tag("S009")
    void s009_an_application_whose_job_was_removed_goes_on_as_an_application() {
        var passes = Passes.running(Yaml.application("a"));
        passes.apply(Yaml.session("a")).violating(SWITCHED).rest();

        passes.sees(Seen.job(passes.jobId(), "RESTARTING")).rest();

        assertThat(passes.status().jobStatus().state()).contains(new FlinkJobState("RESTARTING"));
        assertThat(passes.condition("Running").message()).isEqualTo("Job status RESTARTING");
    }

    @Test
    @Tag("S010")
    void s010_a_session_cluster_with_a_job_added_goes_on_as_a_session_cluster() {
        var passes = new Passes(Yaml.session("a"));
        passes.start().launch();
        passes.sees(Seen.available(1)).sees(Seen.serving()).rest();

        passes.apply(Yaml.application("a")).violating(SWITCHED).rest();

        assertThat(passes.condition("Running").reason()).isEqualTo("JobManagerReady");
        assertThat(passes.status().lifecycleState()).contains(LifecycleState.STABLE);
        assertThat(passes.status().taskManager()).isEmpty();
    }
}
