package io.drey.plugin.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.ResourceRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenersConfigTest {
    private static ListenersConfig read(String yaml) {
        try {
            return ListenersConfig.of(new YAMLMapper().readTree(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Endpoint endpoint(String settings) {
        return read("webhooks: [{url: 'https://example.com/drey'" + settings + "}]")
                .webhooks()
                .getFirst();
    }

    @Test
    void there_are_no_webhooks_unless_they_are_configured() {
        assertThat(ListenersConfig.of(JsonNodeFactory.instance.objectNode()).webhooks())
                .isEmpty();
    }

    @Test
    void all_but_the_url_has_a_default() {
        var endpoint = endpoint("");

        assertThat(endpoint.name()).isEqualTo("example.com");
        assertThat(endpoint.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(endpoint.retryLimit()).isEqualTo(Duration.ofMinutes(1));
        assertThat(endpoint.queue()).isEqualTo(1000);
        assertThat(endpoint.attempts()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({
        "'', FlinkDeployment, team-a, true",
        "'kinds: [FlinkDeployment, FlinkSessionJob]', FlinkSessionJob, team-a, true",
        "'kinds: [FlinkDeployment]', FlinkSessionJob, team-a, false",
        "'namespaces: [team-a]', FlinkDeployment, team-a, true",
        "'namespaces: [team-a]', FlinkDeployment, team-ab, false",
        "'namespaces: [team-*, prod]', FlinkDeployment, team-ab, true",
        "'namespaces: [\"*-prod\"]', FlinkDeployment, a-prod, true",
        "'namespaces: [\"*-prod\"]', FlinkDeployment, a-prod-b, false",
        "'events: [warning]', FlinkDeployment, team-a, true",
        "'events: [normal, state, job-state]', FlinkDeployment, team-a, false",
    })
    void filters_choose_what_is_sent(String filter, String kind, String namespace, boolean taken) {
        JsonNode same = JsonNodeFactory.instance.objectNode();
        var report = Reports.report(
                new ResourceRef(kind, namespace, "job"), same, same, Event.warning("Job", "Missing", "Job Not Found"));

        assertThat(endpoint(filter.isEmpty() ? "" : ", " + filter)
                        .takes(Notice.of(report).getFirst()))
                .isEqualTo(taken);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            webhooks: {}                                          | plugins.listeners.webhooks: must be a list
            webhook: []                                           | plugins.listeners.webhook: there is no such setting. Known: webhooks
            webhooks: [here]                                      | plugins.listeners.webhooks[0]: must be a map of settings
            webhooks: [{}]                                        | plugins.listeners.webhooks[0].url: it is missing: set it to where events are sent
            webhooks: [{url: [a]}]                                | plugins.listeners.webhooks[0].url: must be text
            webhooks: [{url: example.com}]                        | plugins.listeners.webhooks[0].url: must be a URL with a host, such as
            webhooks: [{url: 'ftp://example.com'}]                | plugins.listeners.webhooks[0].url: must be a URL with a host, such as
            webhooks: [{url: 'https://a b'}]                      | plugins.listeners.webhooks[0].url: is no URL
            webhooks: [{url: 'https://me:pw@a.com'}]              | plugins.listeners.webhooks[0].url: has a user name or password in it: put them into a file
            webhooks: [{url: 'https://a.com', ulr: x}]            | plugins.listeners.webhooks[0].ulr: there is no such setting. Known: attempts, authorizationFile, events
            webhooks: [{url: 'https://a.com', kinds: [Flink]}]    | plugins.listeners.webhooks[0].kinds: found 'Flink', must be kinds of resources
            webhooks: [{url: 'https://a.com', events: [all]}]     | plugins.listeners.webhooks[0].events: found 'all', must be of state, job-state, normal, warning
            webhooks: [{url: 'https://a.com', timeout: 0 s}]      | plugins.listeners.webhooks[0].timeout: found '0 s', must be a duration such as 10 s
            webhooks: [{url: 'https://a.com', timeout: soon}]     | plugins.listeners.webhooks[0].timeout: found 'soon', must be a duration such as 10 s
            webhooks: [{url: 'https://a.com', retryLimit: 2 d}]   | plugins.listeners.webhooks[0].retryLimit: found '2 d', must be a duration such as 10 s
            webhooks: [{url: 'https://a.com', queue: 0}]          | plugins.listeners.webhooks[0].queue: found '0', must be a whole number from 1 to 100000
            webhooks: [{url: 'https://a.com', attempts: many}]    | plugins.listeners.webhooks[0].attempts: found 'many', must be a whole number from 1 to 100
            webhooks: [{url: 'https://a.com'}, {url: 'https://a.com'}] | plugins.listeners.webhooks[1].name: found 'a.com' a second time
            webhooks: [{url: 'https://a.com', signatureSecretFile: /not/there}] | plugins.listeners.webhooks[0].signatureSecretFile: /not/there cannot be read (NoSuchFileException)
            """)
    void what_is_wrong_is_told_by_field(String yaml, String problem) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(yaml)).withMessageStartingWith(problem);
    }

    @Test
    void all_that_is_wrong_is_told_at_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("webhooks: [{url: nope, queue: -1}, {}]"))
                .withMessageContainingAll("webhooks[0].url", "webhooks[0].queue", "webhooks[1].url");
    }

    @Test
    void a_password_does_not_travel_in_clear_text(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("token"), "Bearer x");
        var settings = ", authorizationFile: '" + file + "'}]";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("webhooks: [{url: 'http://example.com'" + settings))
                .withMessageContaining("webhooks[0].authorizationFile: it would be sent in clear text");
        assertThat(read("webhooks: [{url: 'https://example.com'" + settings).webhooks())
                .hasSize(1);
        assertThat(read("webhooks: [{url: 'http://localhost:8080'" + settings).webhooks())
                .hasSize(1);
    }
}
