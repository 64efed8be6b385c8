package io.drey.plugin.deployments;

import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.SpecDiff;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.FlinkDeploymentSpec;
import java.util.List;

/** What the user is told when an operation begins or takes another turn. */
final class Announcements {
    private static final String COMPONENT = "JobManagerDeployment";

    private Announcements() {}

    static void announce(Turn turn, List<Event> events) {
        if (turn.after().isEmpty()) {
            return;
        }
        var operation = turn.after().get();
        boolean turned = turn.before()
                .map(before -> before.cause() != operation.cause() || before.generation() != operation.generation())
                .orElse(true);
        if (!turned) {
            return;
        }
        switch (operation.cause()) {
            case CHANGE -> {
                if (!turn.situation().diff().isEmpty()) {
                    events.add(specChanged(turn));
                }
                if (turn.before().isEmpty() && operation.stop().mode() != StopMode.NONE && ran(turn)) {
                    events.add(Event.normal(COMPONENT, "Suspended", "Suspending existing deployment."));
                }
            }
            case RESCALE -> events.add(specChanged(turn));
            case DELETE -> events.add(Event.normal("Operator", "Cleanup", "Cleaning up FlinkDeployment"));
            case CREATE, ROLLBACK, HALT, RECOVER, RESTART_FAILED, RESTART_UNHEALTHY -> {}
        }
    }

    /** Whether something is suspended: not when only the remains of an earlier stop are removed. */
    private static boolean ran(Turn turn) {
        return turn.situation()
                .deployed()
                .filter(deployed -> Recorded.running((FlinkDeploymentSpec) deployed.spec()))
                .isPresent();
    }

    /** The edit, told once for its generation however often it is planned. */
    static Event specChanged(Turn turn) {
        return Event.normal(COMPONENT, "SpecChanged", text(turn.situation().diff()))
                .onceFor("SpecChange: " + turn.situation().resource().metadata().generation());
    }

    private static String text(SpecDiff diff) {
        return diff.type() + " change(s) detected (FlinkDeploymentSpec[" + diff.describe()
                + "]), starting reconciliation.";
    }

    static Event submit() {
        return Event.normal(COMPONENT, "Submit", "Starting deployment");
    }
}
