package io.drey.plugin.validators;

import io.drey.spi.resource.FlinkStateSnapshot;
import io.drey.spi.resource.FlinkStateSnapshotSpec;
import io.drey.spi.resource.JobReference;
import io.drey.spi.resource.JobReferenceKind;
import io.drey.spi.resource.ResourceRef;
import io.drey.spi.resource.SavepointSpec;
import io.drey.spi.resource.SnapshotState;
import io.drey.spi.resource.WireValue;
import java.util.List;
import java.util.Optional;

/** What a snapshot is, and of which job. A savepoint that exists already needs no job. */
final class SnapshotRule extends ContractRule {
    private static final String JOB = "spec.jobReference";

    SnapshotRule() {
        super(100);
    }

    @Override
    List<Violation> violations(AdmissionRequest request) {
        if (!(request.resource() instanceof FlinkStateSnapshot snapshot)) {
            return List.of();
        }
        var spec = snapshot.spec();
        if (spec.savepoint().isPresent() == spec.checkpoint().isPresent()) {
            return List.of(Violation.of(
                    "spec",
                    "Found " + (spec.savepoint().isPresent() ? "both" : "neither")
                            + " of savepoint and checkpoint, must be exactly one of them",
                    "Set spec.savepoint, or spec.checkpoint, to {} or to what it is to be like"));
        }
        if (spec.savepoint().filter(SavepointSpec::alreadyExists).isPresent()) {
            return List.of();
        }
        return incomplete(spec).or(() -> missing(snapshot, request)).stream().toList();
    }

    private static Optional<Violation> incomplete(FlinkStateSnapshotSpec spec) {
        var reference = spec.jobReference();
        if (reference.isEmpty()) {
            return Optional.of(Violation.of(
                    JOB,
                    "It is missing, and must name the job that the snapshot is taken of",
                    "Set kind (FlinkDeployment or FlinkSessionJob) and name, in the same namespace"));
        }
        var kind = reference.get().kind();
        if (kind.filter(WireValue::isKnown).isEmpty()) {
            return Optional.of(Violation.of(
                    JOB + ".kind",
                    kind.map(found -> "Found '" + found + "', must be ").orElse("It is missing, and must be ")
                            + "FlinkDeployment or FlinkSessionJob",
                    "Set it to the kind of the job"));
        }
        return reference.get().name().filter(name -> !name.isBlank()).isPresent()
                ? Optional.empty()
                : Optional.of(Violation.of(
                        JOB + ".name",
                        "It is missing, and must be the name of a job",
                        "Set it to the name of the job"));
    }

    /** Once it was asked for, the job may go. */
    private static Optional<Violation> missing(FlinkStateSnapshot snapshot, AdmissionRequest request) {
        if (!snapshot.status().state().equals(SnapshotState.TRIGGER_PENDING)) {
            return Optional.empty();
        }
        return snapshot.spec()
                .jobReference()
                .flatMap(reference -> ref(reference, snapshot))
                .filter(ref -> request.related()
                        .filter(related -> related.find(ref).isEmpty())
                        .isPresent())
                .map(ref -> Violation.of(
                        JOB,
                        "Found " + ref.kind() + " '" + ref.name() + "', and there is none in namespace "
                                + ref.namespace(),
                        "Create it there, or name a job that is there"));
    }

    private static Optional<ResourceRef> ref(JobReference reference, FlinkStateSnapshot snapshot) {
        return reference
                .kind()
                .map(JobReferenceKind::wire)
                .flatMap(kind -> reference
                        .name()
                        .map(name -> new ResourceRef(kind, snapshot.metadata().namespace(), name)));
    }
}
