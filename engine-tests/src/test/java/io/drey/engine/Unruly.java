package io.drey.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.inject.Module;
import io.drey.spi.AdmissionRule;
import io.drey.spi.Decorator;
import io.drey.spi.FactSource;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.Gate;
import io.drey.spi.Proposer;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.Situation;
import io.drey.spi.UpgradeStrategy;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.FactType;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.plan.Proposal;
import io.drey.spi.plan.Step;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.PluginMemory;
import io.drey.spi.plugin.Stability;
import io.drey.spi.resource.CustomResource;
import io.drey.testkit.FakeDeployer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A plugin with one contribution, which is well until a test says otherwise. */
final class Unruly implements FeaturePlugin {
    /** The name of its strategy. */
    static final String NAME = "unruly";

    /** The extension point of its contribution. */
    enum Point {
        SPEC_DECORATOR,
        CONFIG_DECORATOR,
        RULE,
        FACT,
        CHANGE,
        REMEDY,
        CHORE,
        DELETION_GUARD,
        GATE,
        STRATEGY,
        DEPLOYER,
        STATUS_PART
    }

    /** How it fails. */
    enum Manner {
        THROWS,
        /** It used up the memory, and is not called for this resource any more. */
        REFUSED,
        LATE
    }

    private static volatile Point point = Point.RULE;
    private static volatile @Nullable Manner manner;

    /** The contribution of the next plugin that is loaded; it is well. */
    static void is(Point next) {
        point = next;
        manner = null;
    }

    static void fails(Manner how) {
        manner = how;
    }

    static void isWell() {
        manner = null;
    }

    private static void misbehave() {
        switch (manner) {
            case THROWS -> throw new IllegalStateException("of the test");
            case REFUSED -> throw new OutOfMemoryError("of the test");
            case LATE -> {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            case null -> {}
        }
    }

    @Override
    public Module module(PluginContext context) {
        return binder -> {
            var contributions = Contributions.of(binder).feature("unruly", Stability.STABLE);
            switch (point) {
                case SPEC_DECORATOR -> contributions.decorator(OfSpec.class);
                case CONFIG_DECORATOR -> contributions.decorator(OfConfig.class);
                case RULE -> contributions.admissionRule(Rule.class);
                case FACT -> contributions.factSource(Fact.class);
                case CHANGE -> contributions.proposer(Change.class);
                case REMEDY -> contributions.proposer(Remedy.class);
                case CHORE -> contributions.proposer(Chore.class);
                case DELETION_GUARD -> contributions.proposer(Guard.class);
                case GATE -> contributions.gate(Shut.class);
                case STRATEGY -> contributions.strategy(Strategy.class);
                case DEPLOYER -> contributions.deployer(Native.class);
                case STATUS_PART -> contributions.statusPart(Part.class);
            }
        };
    }

    private abstract static class ForDeployments implements Proposer {
        @Override
        public Set<String> kinds() {
            return Set.of("FlinkDeployment");
        }

        @Override
        public Proposal propose(Situation situation) {
            misbehave();
            return Proposal.Idle.NOW;
        }
    }

    static final class Change extends ForDeployments {
        @Override
        public Tier tier() {
            return Tier.CHANGE;
        }
    }

    static final class Remedy extends ForDeployments {
        @Override
        public Tier tier() {
            return Tier.REMEDY;
        }
    }

    static final class Chore extends ForDeployments {
        @Override
        public Tier tier() {
            return Tier.CHORE;
        }
    }

    static final class Guard extends ForDeployments {
        @Override
        public Tier tier() {
            return Tier.DELETE;
        }
    }

    static final class OfSpec implements Decorator<CustomResource> {
        @Override
        public Phase<CustomResource> phase() {
            return Phase.SPEC;
        }

        @Override
        public Set<String> kinds() {
            return Set.of("FlinkDeployment");
        }

        @Override
        public CustomResource decorate(CustomResource value, Situation situation) {
            misbehave();
            return value;
        }
    }

    static final class OfConfig implements Decorator<FlinkConfig> {
        @Override
        public Phase<FlinkConfig> phase() {
            return Phase.CONFIG;
        }

        @Override
        public Set<String> kinds() {
            return Set.of("FlinkDeployment");
        }

        @Override
        public FlinkConfig decorate(FlinkConfig value, Situation situation) {
            misbehave();
            return value;
        }
    }

    static final class Rule implements AdmissionRule {
        @Override
        public List<Violation> check(AdmissionRequest request) {
            misbehave();
            return List.of();
        }
    }

    static final class Fact implements FactSource<String> {
        @Override
        public FactType<String> factType() {
            return new FactType<>("unruly", String.class);
        }

        @Override
        public boolean when(Situation situation) {
            misbehave();
            return true;
        }

        @Override
        public String read(ObserveContext context) {
            return "";
        }
    }

    static final class Shut implements Gate {
        @Override
        public Optional<Hold> check(Proposal.Start start, Situation situation) {
            misbehave();
            return Optional.empty();
        }
    }

    static final class Strategy implements UpgradeStrategy {
        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Choice choose(Situation situation) {
            misbehave();
            return new Choice.Go(Target.CURRENT, Stop.of(StopMode.CANCEL), Restore.NONE);
        }
    }

    static final class Native extends FakeDeployer {
        @Override
        public List<ObjectNode> render(Launch launch) {
            misbehave();
            return super.render(launch);
        }

        @Override
        public List<Step> teardown(Situation situation, Operation operation) {
            misbehave();
            return super.teardown(situation, operation);
        }
    }

    /** @param generation the newest one that it saw */
    record Memory(long generation) {}

    static final class Part extends PluginMemory<Memory> {
        Part() {
            super(new ObjectMapper(), "unruly", "memory", Memory.class);
        }

        @Override
        public Optional<Memory> reduce(Optional<Memory> part, Turn turn) {
            misbehave();
            return Optional.of(new Memory(turn.situation().resource().metadata().generation()));
        }
    }
}
