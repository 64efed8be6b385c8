package io.drey.plugin.deployments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;

/**
 * Pod templates by what Kubernetes sees in them: fields that it does not know make no difference, nor does the way in
 * which an amount or an empty list is written. So a template that the Apache operator recorded in its own way is the one
 * that the user wrote.
 */
final class PodTemplateForm {
    private final ObjectMapper known = JsonMapper.builder()
            .typeFactory(TypeFactory.defaultInstance().withCache(new LRUMap<>(16, 500)))
            .annotationIntrospector(new NoUnknownFields())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Whether the two, of which either may be absent, make the same pods. */
    boolean same(JsonNode one, JsonNode other) {
        if (one.equals(other)) {
            return true;
        }
        try {
            return read(one).equals(read(other));
        } catch (JsonProcessingException e) {
            // A template that Kubernetes would refuse: a rule tells the user, here it only differs.
            return false;
        }
    }

    private PodTemplateSpec read(JsonNode template) throws JsonProcessingException {
        return template.isObject() ? known.treeToValue(template, PodTemplateSpec.class) : new PodTemplateSpec();
    }

    private static final class NoUnknownFields extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return Boolean.FALSE;
        }
    }
}
