package ${package};

import io.drey.spi.AdmissionRule;
import io.drey.spi.resource.FlinkDeployment;
import java.util.List;

/** A FlinkDeployment says whose it is. */
final class TeamLabelRule implements AdmissionRule {
    @Override
    public List<Violation> check(AdmissionRequest request) {
        if (!(request.resource() instanceof FlinkDeployment)
                || request.resource().metadata().labels().containsKey("team")) {
            return List.of();
        }
        return List.of(Violation.of(
                "metadata.labels.team",
                "It is missing, and must name the team that is called when the job fails",
                "Add the label"));
    }
}
