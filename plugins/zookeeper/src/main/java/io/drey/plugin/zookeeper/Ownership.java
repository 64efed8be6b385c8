package io.drey.plugin.zookeeper;

import io.drey.spi.FactSource.Namesake;
import io.drey.spi.FactSource.ObserveContext;
import io.drey.spi.fact.ZooKeeperMetadata.Owner;
import io.drey.spi.plan.ObjectKey;
import java.util.Optional;

/**
 * Finds the owner of a root. Two resources of one name have the same root wherever they are, unless their configuration
 * says otherwise, and the one that removes it would take the state of the other.
 */
final class Ownership {
    private static final String API_VERSION = "flink.apache.org/v1beta1";

    private Ownership() {}

    /** @param mark the text of the node, if there is one */
    static Owner of(Optional<String> mark, Location location, ObserveContext context) {
        var own = Marker.of(context.resource());
        var found = mark.orElse("");
        if (found.equals(own.text())) {
            return new Owner.Self(found);
        }
        return marked(found, own, context)
                .or(() -> unmarked(location, context))
                .<Owner>map(Owner.Other::new)
                .orElseGet(() -> new Owner.Nobody(own.text(), found));
    }

    private static Optional<String> marked(String found, Marker own, ObserveContext context) {
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var marker = Marker.parse(found);
        if (marker.isEmpty()) {
            return Optional.of("the owner of the mark " + found);
        }
        var ref = marker.get().ref();
        // A resource of this name that was deleted before this one was created.
        boolean gone = ref.equals(own.ref())
                || context.live(new ObjectKey(API_VERSION, ref.kind(), ref.namespace(), ref.name()))
                        .filter(object -> object.path("metadata")
                                .path("uid")
                                .asText()
                                .equals(marker.get().uid()))
                        .isEmpty();
        return gone ? Optional.empty() : Optional.of(ref.toString());
    }

    /** Resources that the Apache operator has launched, or an older Drey, have no mark. */
    private static Optional<String> unmarked(Location location, ObserveContext context) {
        return context.namesakes().stream()
                .filter(namesake -> Location.find(
                                namesake.config(), namesake.ref().name())
                        .filter(location::overlaps)
                        .isPresent())
                .map(Namesake::ref)
                .map(Object::toString)
                .sorted()
                .findFirst();
    }
}
