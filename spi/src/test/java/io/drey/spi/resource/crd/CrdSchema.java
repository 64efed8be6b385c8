package io.drey.spi.resource.crd;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.operation.Operation;
import io.drey.spi.resource.FlinkConfigurationTree;
import io.drey.spi.resource.ResourceRequirements;
import io.drey.spi.resource.WireValue;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The structural schema of a record: what the API server keeps and checks. */
final class CrdSchema {
    private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";

    /** Without these the API server takes the rules on the fields to cost too much. Nothing beyond them was ever right. */
    private static final Map<String, Map<String, Object>> BOUNDS =
            Map.of("logConfiguration", Map.of("maxProperties", 16), "deploymentName", Map.of("maxLength", 253));

    private final SourceDocs docs;

    CrdSchema(SourceDocs docs) {
        this.docs = docs;
    }

    /** The schema of a record, with the rules that are attached to it. */
    Map<String, Object> ofRecord(Class<?> type) {
        var properties = new LinkedHashMap<String, Object>();
        for (RecordComponent component : type.getRecordComponents()) {
            if (!component.getName().equals("unknown")) {
                properties.put(component.getName(), property(type, component));
            }
        }
        var schema = object();
        if (!properties.isEmpty()) {
            schema.put("properties", properties);
        }
        rules(type, "", schema);
        if (type == Operation.class) {
            // A chart's CRDs may be older than the operator, and what is written ahead must not be lost by that.
            schema.put(PRESERVE, true);
        }
        return schema;
    }

    static void rules(Class<?> type, String field, Map<String, Object> schema) {
        var rules = CrdRules.ALL.stream()
                .filter(rule -> rule.on() == type && rule.field().equals(field))
                .map(CrdRules.Rule::schema)
                .toList();
        if (!rules.isEmpty()) {
            schema.put("x-kubernetes-validations", rules);
        }
    }

    private Map<String, Object> property(Class<?> owner, RecordComponent component) {
        var schema = new LinkedHashMap<String, Object>();
        docs.component(owner, component.getName()).ifPresent(text -> schema.put("description", text));
        schema.putAll(of(component.getGenericType()));
        if (owner == ResourceRequirements.class && component.getType() == Map.class) {
            schema.put("additionalProperties", quantity());
        }
        Optional.ofNullable(BOUNDS.get(component.getName())).ifPresent(schema::putAll);
        rules(owner, component.getName(), schema);
        return schema;
    }

    private Map<String, Object> of(Type type) {
        if (type instanceof ParameterizedType generic) {
            var arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == Optional.class) {
                return of(arguments[0]);
            } else if (generic.getRawType() == List.class) {
                var list = new LinkedHashMap<String, Object>();
                list.put("type", "array");
                list.put("items", of(arguments[0]));
                return list;
            } else if (arguments[1] == JsonNode.class) {
                return anyObject();
            }
            var map = object();
            map.put("additionalProperties", of(arguments[1]));
            return map;
        }
        return of((Class<?>) type);
    }

    private Map<String, Object> of(Class<?> type) {
        if (type == FlinkConfigurationTree.class) {
            return Map.of(PRESERVE, true);
        } else if (type == JsonNode.class) {
            return anyObject();
        } else if (WireValue.class.isAssignableFrom(type)) {
            var schema = new LinkedHashMap<String, Object>();
            schema.put("type", "string");
            schema.put("enum", known(type));
            return schema;
        } else if (type.isRecord()) {
            return ofRecord(type);
        } else if (type == boolean.class || type == Boolean.class) {
            return Map.of("type", "boolean");
        } else if (type == Double.class) {
            return Map.of("type", "number");
        } else if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return Map.of("type", "integer");
        } else if (type == String.class || type == Instant.class || type.isEnum()) {
            return Map.of("type", "string");
        }
        throw new IllegalArgumentException("no schema for " + type);
    }

    private static List<String> known(Class<?> type) {
        try {
            return ((Collection<?>) type.getField("KNOWN").get(null))
                    .stream().map(value -> ((WireValue) value).wire()).sorted().toList();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " needs a public constant KNOWN", e);
        }
    }

    private static Map<String, Object> quantity() {
        var schema = new LinkedHashMap<String, Object>();
        schema.put("anyOf", List.of(Map.of("type", "integer"), Map.of("type", "string")));
        schema.put("x-kubernetes-int-or-string", true);
        return schema;
    }

    private static Map<String, Object> anyObject() {
        var schema = object();
        schema.put(PRESERVE, true);
        return schema;
    }

    private static Map<String, Object> object() {
        var schema = new LinkedHashMap<String, Object>();
        schema.put("type", "object");
        return schema;
    }
}
