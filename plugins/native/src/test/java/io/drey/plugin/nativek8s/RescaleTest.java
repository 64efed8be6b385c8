package io.drey.plugin.nativek8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.spi.plan.Rescaling.Impossible;
import io.drey.spi.plan.Rescaling.Wanted;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.Metadata;
import io.drey.spi.resource.ResourceMapper;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RescaleTest {
    @Test
    @Tag("S160")
    @DisplayName("clusters in native mode are rescaled as Flink's version and scheduler allow")
    void by_the_rules_of_jobs() {
        var resource = new FlinkDeployment(
                Metadata.of("orders", "basic"),
                FlinkDeploymentSpec.EMPTY,
                new ResourceMapper()
                        .deployment(JsonNodeFactory.instance.objectNode())
                        .status());

        var answer = new Rendering(new NativePlugin())
                .deployer()
                .rescale(TestSituation.of(resource), new Wanted(resource, Set.of(), Instant.MIN));

        assertThat(answer).isEqualTo(new Impossible("Flink is older than 1.18"));
    }
}
