package ${package};

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.spi.AdmissionRule.AdmissionRequest;
import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.ResourceMapper;
import io.drey.testkit.Simulation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TeamLabelRuleTest {
    private static List<Violation> check(String kind, String labels) {
        var resource = new ResourceMapper()
                .read(Simulation.parse("{kind: " + kind + ", metadata: {namespace: n, name: job, labels: " + labels + "}}"));
        return new TeamLabelRule().check(new AdmissionRequest(resource, Optional.empty(), FlinkConfig.EMPTY));
    }

    @Test
    void aDeploymentWithoutATeamIsRefused() {
        assertThat(check("FlinkDeployment", "{}"))
                .extracting(Violation::field)
                .containsExactly("metadata.labels.team");
    }

    @Test
    void oneWithATeamAndOtherKindsAreLetThrough() {
        assertThat(check("FlinkDeployment", "{team: orders}")).isEmpty();
        assertThat(check("FlinkSessionJob", "{}")).isEmpty();
    }
}
