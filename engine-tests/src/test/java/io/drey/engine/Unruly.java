package io.drey.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.inject.Module;
import io.drey.core.port.WorkingFor;
import io.drey.spi.AdmissionRule;
import io.drey.spi.Decorator;
import io.drey.spi.FactSource;
import io.drey.spi.FeaturePlugin;
import io.drey.spi.FeaturePolicy;
import io.drey.spi.Gate;
import io.drey.spi.Listener;
import io.drey.spi.Proposer;
import io.drey.spi.ResourceKind;
import io.drey.spi.ResourceKind.Turn;
import io.drey.spi.Situation;
import io.drey.spi.SpecDiff;
import io.drey.spi.StepHandler;
import io.drey.spi.UpgradeStrategy;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.fact.FactType;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Restore;
import io.drey.spi.operation.Operation.Stop;
import io.drey.spi.operation.Operation.StopMode;
import io.drey.spi.operation.Operation.Target;
import io.drey.spi.plan.Choice;
import io.drey.spi.plan.Outcome;
import io.drey.spi.plan.Proposal;
import io.drey.spi.plan.Step;
import io.drey.spi.plugin.Contributions;
import io.drey.spi.plugin.PluginContext;
import io.drey.spi.plugin.PluginMemory;
import io.drey.spi.plugin.Stability;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.ResourceRef;
import io.drey.spi.resource.ResourceType;
import io.drey.testkit.FakeDeployer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

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
        STATUS_PART,
        STEP_HANDLER,
        LISTENER,
        POLICY,
        KIND
    }

    /** How it fails. */
    enum Manner {
        THROWS,
        /** It used up the memory, and is not called for this resource any more. */
        REFUSED,
        LATE
    }

    private static volatile Point point = Point.RULE;
    private static volatile Failing failing = Failing.NOWHERE;

    private record Failing(Predicate<ResourceRef> resources, Runnable how) {
        static final Failing NOWHERE = new Failing(none -> false, () -> {});
    }

    /** The contribution of the next plugin that is loaded; it is well. */
    static void is(Point next) {
        point = next;
        isWell();
    }

    static void fails(Manner how) {
        fails(all -> true, () -> fail(how));
    }

    /** From now on calls for these resources do this first. */
    static void fails(Predicate<ResourceRef> resources, Runnable how) {
        failing = new Failing(resources, how);
    }

    static void isWell() {
        failing = Failing.NOWHERE;
    }

    private static void misbehave() {
        var now = failing;
        if (WorkingFor.current().filter(now.resources()).isPresent()) {
            now.how().run();
        }
    }

    static void fail(Manner how) {
        switch (how) {
            case THROWS -> throw new IllegalStateException("of the test");
            case REFUSED -> throw new OutOfMemoryError("of the test");
            case LATE -> {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
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
                case STEP_HANDLER -> contributions.proposer(Errand.class).stepHandler(Handler.class);
                case LISTENER -> contributions.listener(Ear.class);
                case POLICY -> contributions.featurePolicy(ForAll.class);
                case KIND -> contributions.kind(Kind.class);
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

    /** Has an effect of the plugin's own kind in every pass. */
    static final class Errand extends ForDeployments {
        @Override
        public Tier tier() {
            return Tier.CHORE;
        }

        @Override
        public Proposal propose(Situation situation) {
            return new Proposal.Steps(List.of(new Step.External(
                    NAME, "errand", EffectId.derive("errand"), JsonNodeFactory.instance.objectNode())));
        }
    }

    static final class Handler implements StepHandler {
        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Outcome perform(JsonNode payload, EffectId id, Instant deadline) {
            misbehave();
            return Outcome.Done.PLAIN;
        }
    }

    static final class Ear implements Listener {
        @Override
        public void onReport(ReconcileReport report) {
            misbehave();
        }
    }

    static final class ForAll implements FeaturePolicy {
        @Override
        public List<PluginSet> sets() {
            return List.of();
        }

        @Override
        public boolean readsNamespaceLabels() {
            return false;
        }

        @Override
        public Policy policy(Subject subject) {
            misbehave();
            return Policy.NONE;
        }
    }

    /** A kind that can read none of its objects. */
    static final class Kind implements ResourceKind<FlinkDeployment> {
        @Override
        public ResourceType type() {
            return new ResourceType(
                    ResourceType.FLINK_GROUP, "v1beta1", "UnrulyJob", "unrulyjobs", List.of(), Optional.empty());
        }

        @Override
        public FlinkDeployment read(JsonNode object) {
            misbehave();
            throw new IllegalArgumentException("spec: found any, must be none");
        }

        @Override
        public ObjectNode writeStatus(FlinkDeployment resource) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Operation> operation(FlinkDeployment resource) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<FlinkDeployment> deployed(FlinkDeployment resource) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<FlinkDeployment> stable(FlinkDeployment resource) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SpecDiff specDiff(FlinkDeployment from, FlinkDeployment to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ConfigRequest configuration(FlinkDeployment resource) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Operation> infer(Situation situation) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Retarget retarget(Operation running, Situation situation, Target target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Reduction<FlinkDeployment> reduce(FlinkDeployment resource, Turn turn) {
            throw new UnsupportedOperationException();
        }
    }
}
