package io.drey.core.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.plan.Step;
import io.drey.spi.plan.Step.SavepointRequest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A step as it is shown. Ids that each operation has of its own are left out, so a step that is planned and the one that is
 * carried out look the same.
 *
 * @param action a word for machines
 * @param target what it is done to
 * @param text for people
 */
public record PlannedStep(String action, String target, String text) {
    /** Where the path of a savepoint will be that was not taken yet. */
    static final String SAVEPOINT_SLOT = "<savepoint of the stop>";

    /** The steps that people want to see: not what the operator writes down for itself. */
    static List<PlannedStep> of(List<Step> steps) {
        return steps.stream().map(PlannedStep::of).flatMap(Optional::stream).toList();
    }

    /** A step; empty for what the operator only writes down or tells. */
    public static Optional<PlannedStep> of(Step step) {
        return switch (step) {
            case Step.Create create -> shown("create", create, "create " + create.target());
            case Step.Apply apply -> shown("apply", apply, "apply " + apply.target());
            case Step.Patch patch -> shown("patch", patch, "patch " + patch.target());
            case Step.Delete delete -> shown("delete", delete, "delete " + delete.target() + ", if it is still there");
            case Step.StopJob stop -> stop(stop);
            case Step.RunJob run -> shown("runJob", run, "run " + run.target());
            case Step.Rescale rescale ->
                shown("rescale", rescale, "rescale " + rescale.target() + " to " + bounds(rescale.requirements()));
            case Step.TriggerSnapshot trigger -> shown("triggerSnapshot", trigger, "trigger a " + trigger.target());
            case Step.DisposeSnapshot dispose -> shown("disposeSnapshot", dispose, "remove " + dispose.target());
            case Step.Await await -> shown("await", await, "wait until " + await.what());
            case Step.ReleaseFinalizer release -> shown("releaseFinalizer", release, "remove " + release.target());
            case Step.External external -> shown("external", external, external.target());
            case Step.EmitEvent ignored -> Optional.empty();
            case Step.Keep ignored -> Optional.empty();
        };
    }

    private static String bounds(JsonNode requirements) {
        return requirements.properties().stream()
                .map(vertex -> vertex.getKey() + ": "
                        + vertex.getValue().at("/parallelism/lowerBound").asText() + " to "
                        + vertex.getValue().at("/parallelism/upperBound").asText())
                .collect(Collectors.joining(", "));
    }

    private static Optional<PlannedStep> stop(Step.StopJob stop) {
        return stop.savepoint().isPresent()
                ? shown(
                        "stopWithSavepoint",
                        stop,
                        "stop " + stop.target() + savepoint(stop.savepoint().get()))
                : shown("cancel", stop, "cancel " + stop.target() + (stop.bestEffort() ? ", if it answers" : ""));
    }

    private static String savepoint(SavepointRequest request) {
        return (request.drain() ? ", drained," : "") + " with a savepoint (" + request.format() + ")"
                + request.directory().map(directory -> " in " + directory).orElse("");
    }

    private static Optional<PlannedStep> shown(String action, Step step, String text) {
        return Optional.of(new PlannedStep(action, step.target(), text));
    }
}
