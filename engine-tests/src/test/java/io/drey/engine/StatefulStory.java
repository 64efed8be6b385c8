package io.drey.engine;

import static io.drey.plugin.upgrades.Stateful.REF;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.plugin.upgrades.Stateful;
import io.drey.plugin.upgrades.Stateful.Ha;
import io.drey.spi.plan.ObjectKey;
import java.util.function.Consumer;

/** What is done to a stateful job: each strategy, in each state of the job that it treats differently. */
enum StatefulStory {
    SAVEPOINT("savepoint", Ha.OFF, world -> {}),
    SAVEPOINT_WITH_METADATA("savepoint", Ha.ON, world -> {}),
    SAVEPOINT_OF_A_FAILED_JOB("savepoint", Ha.OFF, world -> becomes(world, "FAILED")),
    SAVEPOINT_OF_A_RESTARTING_JOB("savepoint", Ha.ON, world -> becomes(world, "RESTARTING")),
    LAST_STATE("last-state", Ha.ON, world -> {}),
    LAST_STATE_OF_A_RESTARTING_JOB("last-state", Ha.ON, world -> becomes(world, "RESTARTING")),
    LAST_STATE_OF_A_FINISHED_JOB("last-state", Ha.ON, world -> becomes(world, "FINISHED")),
    LAST_STATE_WITHOUT_JOB_MANAGER("last-state", Ha.ON, StatefulStory::withoutJobManager),
    CANCELLED("last-state", Ha.OFF, world -> {}),
    CANCELLED_WHILE_RESTARTING("last-state", Ha.OFF, world -> becomes(world, "RESTARTING")),
    FAILED("last-state", Ha.OFF, world -> becomes(world, "FAILED")),
    SUSPEND_WITH_SAVEPOINT("savepoint", Ha.OFF, world -> {}) {
        @Override
        void act(Stateful world) {
            world.apply("flink:2.4", "savepoint", "suspended", "");
        }
    },
    SUSPEND_WITH_LAST_STATE("last-state", Ha.ON, world -> {}) {
        @Override
        void act(Stateful world) {
            world.apply("flink:2.4", "last-state", "suspended", "");
        }
    },
    RESUME_WITH_SAVEPOINT("savepoint", Ha.OFF, world -> suspend(world, "savepoint")),
    RESUME_WITH_LAST_STATE("last-state", Ha.ON, world -> suspend(world, "last-state")),
    DELETE_WITH_SAVEPOINT("savepoint", Ha.ON, world -> {
        world.apply("flink:2.3", "savepoint", "running", "kubernetes.operator.job.savepoint-on-deletion: 'true'");
        world.converge();
    }) {
        @Override
        void act(Stateful world) {
            world.sim().delete(REF);
        }
    };

    final String mode;
    final Ha ha;
    private final Consumer<Stateful> prepare;

    StatefulStory(String mode, Ha ha, Consumer<Stateful> prepare) {
        this.mode = mode;
        this.ha = ha;
        this.prepare = prepare;
    }

    private static void becomes(Stateful world, String state) {
        world.sim().flink().becomes("tests", "job", state);
        world.converge();
    }

    private static void withoutJobManager(Stateful world) {
        world.sim().kubernetes().userDeletes(new ObjectKey("apps/v1", "Deployment", "tests", "job"));
        world.sim().cluster().settle();
        world.converge();
    }

    private static void suspend(Stateful world, String mode) {
        world.apply("flink:2.3", mode, "suspended", "");
        world.converge();
    }

    Stateful prepare() {
        var world = Stateful.running(mode, ha);
        prepare.accept(world);
        return world;
    }

    /** What the user does. */
    void act(Stateful world) {
        world.apply("flink:2.4", mode);
    }

    boolean suspends() {
        return this == SUSPEND_WITH_SAVEPOINT || this == SUSPEND_WITH_LAST_STATE;
    }

    boolean deletes() {
        return this == DELETE_WITH_SAVEPOINT;
    }

    /** What must be so in the end, whatever happened on the way. */
    void check(Stateful world, String where) {
        assertThat(world.sim().flink().begun())
                .as("state, %s", where)
                .allMatch(begun -> begun.progress() >= begun.newest());
        assertThat(world.sim().cluster().started()).as("launches, %s", where).hasSize(suspends() || deletes() ? 1 : 2);
        if (deletes()) {
            assertThat(world.sim().exists(REF)).as(where).isFalse();
            assertThat(world.sim().kubernetes().peekAll("Deployment")).as(where).isEmpty();
            return;
        }
        assertThat(world.lifecycle())
                .as("%s: %s", where, world.status())
                .isEqualTo(suspends() ? "SUSPENDED" : "STABLE");
        assertThat(world.status().has("operation")).as(where).isFalse();
        assertThat(world.recorded()).as(where).contains("flink:2.4");
        if (suspends()) {
            world.apply("flink:2.4", mode);
            world.converge();
            assertThat(world.lastBegun().progress())
                    .as(where)
                    .isEqualTo(world.lastBegun().newest());
        }
    }
}
