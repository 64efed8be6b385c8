package io.drey.core.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.drey.core.engine.PlanReport;
import io.drey.core.health.HealthServer;
import io.drey.core.health.HealthServer.Page;
import io.drey.core.port.KubernetesError;
import java.util.function.Function;

/** What a running operator would do about a manifest that is posted. */
final class PlanPage {
    static final String PATH = "/plan";

    /** How often, and after how many milliseconds, it is looked whether Flink has answered. */
    private static final int LOOKS = 10;

    private static final int PAUSE = 300;

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .registerModules(new Jdk8Module(), new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);

    private PlanPage() {}

    /** @param plan of a manifest; what is wrong with that is an IllegalArgumentException */
    static void addTo(HealthServer server, Function<JsonNode, PlanReport> plan) {
        server.form(PATH, manifest -> answer(plan, manifest));
    }

    private static Page answer(Function<JsonNode, PlanReport> plan, byte[] manifest) {
        try {
            var proposed = MAPPER.readTree(new String(manifest, UTF_8));
            var report = plan.apply(proposed);
            for (int looks = 1; looks < LOOKS && !report.complete(); looks++) {
                Thread.sleep(PAUSE);
                report = plan.apply(proposed);
            }
            return page(200, report);
        } catch (IllegalArgumentException e) {
            return page(400, String.valueOf(e.getMessage()));
        } catch (KubernetesError e) {
            return page(503, "the API server: " + e.getMessage());
        } catch (JsonProcessingException e) {
            return page(400, "the manifest is not JSON");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return page(503, "the operator is being stopped");
        }
    }

    private static Page page(int status, Object value) {
        try {
            return new Page(status, MAPPER.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a plan is plain data", e);
        }
    }
}
