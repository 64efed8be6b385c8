package io.drey.core.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drey.core.engine.PlanReport;
import io.drey.core.health.AdminServer;
import io.drey.core.health.AdminServer.Page;
import io.drey.core.port.KubernetesError;
import java.util.function.Function;

/** What a running operator would do about a manifest that is posted. */
final class PlanPage {
    static final String PATH = "/plan";

    /** How often, and after how many milliseconds, it is looked whether Flink has answered. */
    private static final int LOOKS = 10;

    private static final int PAUSE = 300;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private PlanPage() {}

    /** @param plan of a manifest; what is wrong with that is an IllegalArgumentException */
    static void addTo(AdminServer server, Function<JsonNode, PlanReport> plan) {
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
            return Pages.json(200, report);
        } catch (IllegalArgumentException e) {
            return Pages.json(400, String.valueOf(e.getMessage()));
        } catch (KubernetesError e) {
            return Pages.json(503, "the API server: " + e.getMessage());
        } catch (JsonProcessingException e) {
            return Pages.json(400, "the manifest is not JSON");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Pages.json(503, "the operator is being stopped");
        }
    }
}
