package io.drey.plugin.recovery;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;

/** @param until up to which time exceptions of this job were told */
@JsonIgnoreProperties(ignoreUnknown = true)
record Reported(
        String jobId,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant until) {}
