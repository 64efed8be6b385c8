package io.drey.docs;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code docs/scenarios.yaml}: what users of the Apache operator rely on, in chapters. */
record Catalogue(List<Chapter> chapters) {
    /**
     * @param later the feature that all of it comes with, when that is not there yet
     * @param scenarios by id, in the order of the file
     */
    record Chapter(String title, Optional<String> later, Map<String, Scenario> scenarios) {
        /** The feature that this one comes with, when that is not there yet. */
        Optional<String> later(Scenario scenario) {
            return scenario.later().or(this::later);
        }
    }

    /**
     * @param is what happens
     * @param here what Drey does in place of it, where that is not copied
     * @param later the feature that it comes with, when that is not there yet
     */
    record Scenario(String is, Optional<String> here, Optional<String> later) {
        @JsonCreator
        static Scenario of(String is) {
            return new Scenario(is, Optional.empty(), Optional.empty());
        }
    }

    static Catalogue read(Path file) throws IOException {
        var yaml = YAMLMapper.builder()
                .addModule(new Jdk8Module())
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .build();
        return new Catalogue(List.of(yaml.readValue(file.toFile(), Chapter[].class)));
    }
}
