package io.drey.core.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;

/** A JSON object as its text in UTF-8. Immutable. A tree of nodes takes seven times the memory. */
final class Packed {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final byte[] json;

    private Packed(byte[] json) {
        this.json = json;
    }

    static Packed of(ObjectNode object) {
        try {
            return new Packed(MAPPER.writeValueAsBytes(object));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always written", e);
        }
    }

    /** A tree of its own for each caller. */
    ObjectNode tree() {
        try {
            return MAPPER.readValue(json, ObjectNode.class);
        } catch (IOException e) {
            throw new IllegalStateException("what was written is always read", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Packed packed && Arrays.equals(json, packed.json);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(json);
    }
}
