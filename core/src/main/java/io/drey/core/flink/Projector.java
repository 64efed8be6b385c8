package io.drey.core.flink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.spi.FactSource.Document;
import io.drey.spi.fact.Projection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads a JSON document as a stream and keeps the parts that a projection names, as compact JSON. No tree of the document
 * is built. A document that ends early, is malformed or is larger than the projection allows yields what came before.
 */
public final class Projector {
    // Field names of a JobManager must not fill the JVM's table of interned strings.
    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private static final ObjectMapper MAPPER = new ObjectMapper(JSON);
    private static final String ANY = "*";

    /** Why parts are missing. */
    enum Cut {
        NOTHING_MISSING,
        /** The document is no JSON, or ends early. */
        MALFORMED,
        /** The document, or what is to be kept of it, is larger than allowed. */
        TOO_LARGE
    }

    /**
     * The kept parts.
     *
     * @param json empty when the document is none
     */
    record Kept(byte[] json, Cut cut) {}

    /** A step of the kept paths. Everything below a {@code whole} one is kept. */
    private record Node(boolean whole, Map<String, Node> children) {
        static final Node WHOLE = new Node(true, Map.of());

        static Node of(List<String> paths) {
            Map<String, List<String>> rests = new HashMap<>();
            for (var path : paths) {
                if (path.isEmpty()) {
                    return WHOLE;
                }
                int end = path.indexOf('/', 1);
                rests.computeIfAbsent(path.substring(1, end < 0 ? path.length() : end), first -> new ArrayList<>())
                        .add(end < 0 ? "" : path.substring(end));
            }
            return new Node(
                    false,
                    rests.entrySet().stream()
                            .collect(Collectors.toMap(Map.Entry::getKey, rest -> of(rest.getValue()))));
        }

        Optional<Node> child(String name) {
            if (whole) {
                return Optional.of(this);
            }
            var named = children.get(name);
            return Optional.ofNullable(named == null ? children.get(ANY) : named);
        }
    }

    /** The projection allows no more. */
    private static final class FullException extends IOException {
        private static final long serialVersionUID = 1;
    }

    private final Projection projection;
    private final JsonParser parser;
    private final ByteArrayOutputStream out;
    private final JsonGenerator json;

    private Projector(Projection projection, JsonParser parser, ByteArrayOutputStream out, JsonGenerator json) {
        this.projection = projection;
        this.parser = parser;
        this.out = out;
        this.json = json;
    }

    /** A document as a plugin sees it, for who has one without asking a JobManager. */
    public static Document document(JsonNode whole, Projection projection, Instant at) {
        var kept = keep(whole.toString().getBytes(StandardCharsets.UTF_8), projection);
        return new Document(
                Optional.of(tree(kept.json())),
                at,
                Optional.of("the document is too large").filter(problem -> kept.cut() == Cut.TOO_LARGE));
    }

    /** An empty object when there is no JSON. */
    static JsonNode tree(byte[] json) {
        try {
            var tree = MAPPER.readTree(json);
            return tree.isMissingNode() ? JsonNodeFactory.instance.objectNode() : tree;
        } catch (IOException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    /** Keeps the parts of a document that a projection names. */
    static Kept keep(byte[] document, Projection projection) {
        var out = new ByteArrayOutputStream();
        var cut = Cut.NOTHING_MISSING;
        // Closing the generator ends the arrays and objects that are open.
        try (var parser = JSON.createParser(document);
                var json = JSON.createGenerator(out)) {
            try {
                if (parser.nextToken() != null) {
                    new Projector(projection, parser, out, json).value(Node.of(List.copyOf(projection.paths())));
                }
            } catch (FullException e) {
                cut = Cut.TOO_LARGE;
            } catch (IOException e) {
                cut = Cut.MALFORMED;
            }
        } catch (IOException e) {
            throw new IllegalStateException("JSON in memory has no input or output errors", e);
        }
        return new Kept(out.toByteArray(), cut);
    }

    /** Fails for a value without room, and for one that ends early. Afterwards its name may be written: alone it is no JSON. */
    private void complete() throws IOException {
        if (out.size() + json.getOutputBuffered() > projection.maxBytes()) {
            throw new FullException();
        }
        parser.finishToken();
    }

    private void value(Node node) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> object(node);
            case START_ARRAY -> array(node);
            case VALUE_STRING -> text(node);
            default -> {
                if (node.whole()) {
                    json.copyCurrentEvent(parser);
                } else {
                    json.writeNull();
                }
            }
        }
    }

    private void object(Node node) throws IOException {
        json.writeStartObject();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            var child = node.child(name);
            parser.nextToken();
            if (child.isPresent()) {
                complete();
                json.writeFieldName(name);
                value(child.get());
            } else {
                parser.skipChildren();
            }
        }
        json.writeEndObject();
    }

    private void array(Node node) throws IOException {
        var child = node.child(ANY);
        json.writeStartArray();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (child.isPresent()) {
                complete();
                value(child.get());
            } else {
                parser.skipChildren();
            }
        }
        json.writeEndArray();
    }

    private void text(Node node) throws IOException {
        if (node.whole()) {
            var text = cut(parser.getText());
            if (out.size() + json.getOutputBuffered() + text.length() > projection.maxBytes()) {
                json.writeNull();
                throw new FullException();
            }
            json.writeString(text);
        } else {
            json.writeNull();
        }
    }

    private String cut(String text) {
        if (text.length() <= projection.lineLength() && text.indexOf('\n') < 0) {
            return text;
        }
        if (text.lines().limit(projection.maxLines() + 1L).count() <= projection.maxLines()
                && text.lines().allMatch(line -> line.length() <= projection.lineLength())) {
            return text;
        }
        long all = text.lines().filter(line -> !line.isBlank()).count();
        var kept = text.lines()
                .filter(line -> !line.isBlank())
                .limit(projection.maxLines())
                .map(line ->
                        line.length() <= projection.lineLength() ? line : line.substring(0, projection.lineLength()))
                .collect(Collectors.joining("\n"));
        return all > projection.maxLines() ? kept + "\n(" + (all - projection.maxLines()) + " more lines)" : kept;
    }
}
