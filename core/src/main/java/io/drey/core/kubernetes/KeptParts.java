package io.drey.core.kubernetes;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.FactSource.Watch;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The parts of an object that watches read, and that the cache keeps. Immutable. */
public final class KeptParts {
    private static final List<String> ALWAYS =
            List.of("/metadata/namespace", "/metadata/name", "/metadata/uid", "/metadata/labels");

    private final Set<String> texts;
    private final List<JsonPointer> pointers;

    private KeptParts(Set<String> texts) {
        this.texts = Set.copyOf(texts);
        this.pointers = texts.stream().map(JsonPointer::compile).toList();
    }

    /** The parts that any of these watches reads. */
    public static KeptParts of(Collection<Watch> watches) {
        Set<String> texts = new TreeSet<>(ALWAYS);
        watches.forEach(watch -> texts.addAll(watch.reads()));
        return new KeptParts(texts);
    }

    /** Whether everything that the other one keeps is kept here as well. */
    boolean covers(KeptParts other) {
        return texts.contains("") || texts.containsAll(other.texts);
    }

    /** An object with only these parts of another; it shares their nodes. */
    public ObjectNode of(ObjectNode object) {
        if (texts.contains("")) {
            return object;
        }
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        kept.set("apiVersion", object.path("apiVersion"));
        kept.set("kind", object.path("kind"));
        pointers.forEach(pointer -> copy(object, pointer, kept));
        return kept;
    }

    private static void copy(ObjectNode from, JsonPointer pointer, ObjectNode to) {
        var name = pointer.getMatchingProperty();
        var value = from.get(name);
        if (value == null) {
            return;
        }
        if (pointer.tail().matches()) {
            to.set(name, value);
        } else if (value instanceof ObjectNode inner) {
            copy(inner, pointer.tail(), to.get(name) instanceof ObjectNode there ? there : to.putObject(name));
        }
    }
}
