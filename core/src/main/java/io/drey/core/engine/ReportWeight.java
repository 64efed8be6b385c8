package io.drey.core.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.Listener.ReconcileReport;
import io.drey.spi.plan.Step;

/**
 * An estimate of the heap that a report occupies, in bytes. Its status trees and the manifests of its plan make up nearly
 * all of it.
 */
final class ReportWeight {
    private static final long RECORDS = 2_000;
    private static final long CONTAINER = 120;
    private static final long ENTRY = 100;
    private static final long SCALAR = 24;

    private ReportWeight() {}

    static long of(ReconcileReport report) {
        return RECORDS
                + of(report.statusBefore())
                + of(report.statusAfter())
                + report.plan().steps().stream().mapToLong(ReportWeight::of).sum()
                + report.plan().chores().stream()
                        .flatMap(chore -> chore.stream())
                        .mapToLong(ReportWeight::of)
                        .sum();
    }

    private static long of(Step step) {
        return switch (step) {
            case Step.Create create -> of(create.manifest());
            case Step.Apply apply -> of(apply.manifest());
            case Step.Patch patch -> of(patch.merge());
            case Step.RunJob run -> of(run.request());
            case Step.Rescale rescale -> of(rescale.requirements());
            case Step.External external -> of(external.payload());
            case Step.Delete ignored -> SCALAR;
            case Step.StopJob ignored -> SCALAR;
            case Step.TriggerSnapshot ignored -> SCALAR;
            case Step.DisposeSnapshot ignored -> SCALAR;
            case Step.EmitEvent ignored -> SCALAR;
            case Step.Await ignored -> SCALAR;
            case Step.Keep ignored -> SCALAR;
            case Step.ReleaseFinalizer ignored -> SCALAR;
        };
    }

    private static long of(JsonNode node) {
        if (node.isTextual()) {
            return SCALAR + node.textValue().length();
        }
        if (node.isValueNode()) {
            return SCALAR;
        }
        long sum = CONTAINER;
        for (var child : node) {
            sum += ENTRY + of(child);
        }
        return sum;
    }
}
