package io.drey.spi.fact;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.spi.fact.JobRequirements.Bounds;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class JobRequirementsTest {
    private static final String ANSWER = """
            {"aa": {"parallelism": {"lowerBound": 1, "upperBound": 2}},
             "bb": {"parallelism": {"lowerBound": 3, "upperBound": 4}}}
            """;

    private final ObjectMapper json = new ObjectMapper();

    private JobRequirements answered() throws JsonProcessingException {
        return JobRequirements.of("job", json.readTree(ANSWER));
    }

    @Test
    void what_flink_answers_is_what_it_takes() throws JsonProcessingException {
        assertThat(answered().body()).isEqualTo(json.readTree(ANSWER));
    }

    @Test
    @Tag("S163")
    void the_lower_bound_goes_down_with_the_upper_one_and_stays_when_that_goes_up() throws JsonProcessingException {
        assertThat(answered().with(Map.of("aa", 5, "bb", 2)).vertices().orElseThrow())
                .isEqualTo(Map.of("aa", new Bounds(1, 5), "bb", new Bounds(2, 2)));
    }

    @Test
    @Tag("S161")
    @Tag("S162")
    void vertices_that_are_not_the_jobs_and_parallelism_that_it_has_change_nothing() throws JsonProcessingException {
        assertThat(answered().with(Map.of("aa", 2, "cc", 7))).isEqualTo(answered());
        assertThat(JobRequirements.unread("job").with(Map.of("aa", 2))).isEqualTo(JobRequirements.unread("job"));
    }

    @Test
    void vertices_without_bounds_are_passed_over() throws JsonProcessingException {
        var odd = json.readTree("{\"aa\": {\"parallelism\": {\"lowerBound\": 1}}, \"bb\": {}}");
        assertThat(JobRequirements.of("job", odd).vertices()).contains(Map.of());
    }
}
