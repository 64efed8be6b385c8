package io.drey.plugin.recovery;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;

/**
 * The events that were emitted about a job's exceptions.
 *
 * @param until up to which time the exceptions of this job have events
 * @param incomplete whether an event says that some exceptions are missing
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Reported(
        String jobId,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant until,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean incomplete) {}
