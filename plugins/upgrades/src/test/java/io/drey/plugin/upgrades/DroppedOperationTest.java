package io.drey.plugin.upgrades;

import static io.drey.plugin.upgrades.Scenario.application;
import static io.drey.plugin.upgrades.Scenario.session;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.resource.ResourceRef;
import io.drey.testkit.Simulation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A status that the Apache operator wrote has no {@code operation}. Drops it after each single pass: what is left is gone
 * on from, nothing starts twice and nothing is left half done (A3, A7).
 */
class DroppedOperationTest {
    private static final ResourceRef REF = new ResourceRef("FlinkDeployment", "tests", "job");

    enum Story {
        FIRST_DEPLOY("STABLE") {
            @Override
            void prepare(Simulation world) {}

            @Override
            void act(Simulation world) {
                world.apply(application("flink:2.3", 1, "running"));
            }
        },
        UPGRADE("STABLE") {
            @Override
            void act(Simulation world) {
                world.apply(application("flink:2.4", 2, "running"));
            }
        },
        SUSPEND("SUSPENDED") {
            @Override
            void act(Simulation world) {
                world.apply(application("flink:2.3", 1, "suspended"));
            }
        },
        RESUME("STABLE") {
            @Override
            void prepare(Simulation world) {
                super.prepare(world);
                world.apply(application("flink:2.3", 1, "suspended"));
                world.converge(REF);
            }

            @Override
            void act(Simulation world) {
                world.apply(application("flink:2.4", 1, "running"));
            }
        },
        SESSION_UPGRADE("STABLE") {
            @Override
            void prepare(Simulation world) {
                world.apply(session("flink:2.3"));
                world.converge(REF);
            }

            @Override
            void act(Simulation world) {
                world.apply(session("flink:2.4"));
            }
        };

        private final String lifecycle;

        Story(String lifecycle) {
            this.lifecycle = lifecycle;
        }

        void prepare(Simulation world) {
            world.apply(application("flink:2.3", 1, "running"));
            world.converge(REF);
        }

        abstract void act(Simulation world);
    }

    @ParameterizedTest
    @EnumSource(Story.class)
    void a7_an_operation_that_another_operator_dropped_is_gone_on_from(Story story) {
        int dropped = 0;
        for (int passes = 1; passes < 12; passes++) {
            var world = Scenario.start();
            story.prepare(world);
            story.act(world);
            for (int pass = 0; pass < passes; pass++) {
                world.pass(REF);
                world.cluster().settle();
            }

            dropped += drop(world) ? 1 : 0;
            world.converge(REF);

            var status = world.status(REF);
            assertThat(status.path("lifecycleState").asText())
                    .as("after pass %s: %s", passes, status)
                    .isEqualTo(story.lifecycle);
            assertThat(status.path("reconciliationStatus").path("state").asText())
                    .isEqualTo("DEPLOYED");
            assertThat(world.cluster().started()).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(2);
            assertThat(world.kubernetes().peekAll("Service")).hasSize(story.lifecycle.equals("STABLE") ? 1 : 0);
        }
        assertThat(dropped).isPositive();
    }

    private static boolean drop(Simulation world) {
        var key = new ObjectKey("flink.apache.org/v1beta1", REF.kind(), REF.namespace(), REF.name());
        var resource = (ObjectNode) world.kubernetes().peek(key).orElseThrow();
        var operation = resource.withObject("/status").remove("operation");
        world.kubernetes().put(resource);
        return operation != null;
    }
}
