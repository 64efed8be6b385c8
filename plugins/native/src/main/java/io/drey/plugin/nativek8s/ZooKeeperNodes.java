package io.drey.plugin.nativek8s;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.spi.Situation;
import io.drey.spi.fact.RecoverableJobs;
import io.drey.spi.fact.ZooKeeperMetadata;
import io.drey.spi.fact.ZooKeeperMetadata.Owner;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Cause;
import io.drey.spi.plan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The steps in ZooKeeper before a launch: its place is marked as the resource's, and what it must not find is removed. */
final class ZooKeeperNodes {
    private ZooKeeperNodes() {}

    /** Removes the jobs as they were submitted last, or all of the cluster; nothing when there is none of it. */
    static List<Step> clear(boolean keepsState, Situation situation, Operation operation) {
        List<Step> steps = new ArrayList<>();
        boolean launches = launches(situation, operation);
        if (launches) {
            var place = situation.facts().get(ZooKeeperMetadata.LAUNCH);
            claim(place, operation, steps::add);
            remove(place, keepsState, false, operation, steps::add);
        }
        boolean stays = launches && RecoverableJobs.inSamePlace(situation.config(), situation.deployedConfig());
        if (situation.deployedConfig().zooKeeperHighAvailability() && !stays) {
            var place = situation.facts().get(ZooKeeperMetadata.TYPE);
            if (mayGo(place, situation)) {
                claim(place, operation, steps::add);
                // A suspended job's place stays its own.
                boolean whole = operation.launch() || operation.cause() == Cause.DELETE;
                remove(place, keepsState, whole, operation, steps::add);
            }
        }
        return steps;
    }

    /** Marks the place of a launch that removes nothing. */
    static List<Step> claim(Situation situation, Operation operation) {
        List<Step> steps = new ArrayList<>();
        if (launches(situation, operation)) {
            claim(situation.facts().get(ZooKeeperMetadata.LAUNCH), operation, steps::add);
        }
        return steps;
    }

    private static boolean launches(Situation situation, Operation operation) {
        return operation.launch() && situation.config().zooKeeperHighAvailability();
    }

    /** Metadata without an owner is the resource's only if it was deployed. */
    private static boolean mayGo(ZooKeeperMetadata place, Situation situation) {
        return switch (place.owner()) {
            case Owner.Self self -> true;
            case Owner.Nobody nobody -> situation.deployed().isPresent() && !place.empty();
            case Owner.Other other -> false;
        };
    }

    private static void claim(ZooKeeperMetadata place, Operation operation, Consumer<Step> steps) {
        if (place.owner() instanceof Owner.Nobody nobody) {
            var payload = JsonNodeFactory.instance.objectNode();
            payload.put("quorum", place.quorum()).put("root", place.root());
            payload.put("owner", nobody.mark()).put("found", nobody.found());
            steps.accept(new Step.External(
                    ZooKeeperMetadata.CLAIM,
                    place.root() + " as the resource's own",
                    EffectId.derive(operation.id(), ZooKeeperMetadata.CLAIM + place.root(), operation.attempt()),
                    payload));
        }
    }

    private static void remove(
            ZooKeeperMetadata place, boolean keepsState, boolean whole, Operation operation, Consumer<Step> steps) {
        if (keepsState ? place.submitted().isEmpty() : place.empty() && !whole) {
            return;
        }
        var payload = JsonNodeFactory.instance.objectNode();
        payload.put("quorum", place.quorum()).put("root", place.root());
        payload.put("owner", mark(place.owner())).put("whole", whole);
        var array = payload.putArray("paths");
        (keepsState ? place.submitted() : List.of(place.root())).forEach(array::add);
        steps.accept(new Step.External(
                ZooKeeperMetadata.REMOVAL,
                keepsState ? "jobs as they were submitted" : "metadata",
                EffectId.derive(operation.id(), ZooKeeperMetadata.REMOVAL + place.root(), operation.attempt()),
                payload));
    }

    private static String mark(Owner owner) {
        return switch (owner) {
            case Owner.Self self -> self.mark();
            case Owner.Nobody nobody -> nobody.mark();
            case Owner.Other other -> "";
        };
    }
}
