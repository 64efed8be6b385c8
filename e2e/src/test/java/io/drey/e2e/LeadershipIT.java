package io.drey.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.drey.core.kubernetes.Leadership;
import io.drey.core.kubernetes.Leadership.Terms;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class LeadershipIT {
    @RegisterExtension
    static final ApiServer SERVER = new ApiServer();

    private final List<String> told = new CopyOnWriteArrayList<>();
    private String namespace;

    @BeforeEach
    void namespace() {
        namespace = SERVER.namespace();
    }

    private Leadership candidate(String identity, KubernetesClient client) {
        var leadership = new Leadership(
                client,
                new Terms(
                        namespace,
                        "drey",
                        identity,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(250)),
                () -> told.add(identity + " lost"));
        Thread.ofPlatform().daemon().start(() -> {
            leadership.await();
            told.add(identity + " leads");
        });
        return leadership;
    }

    private String holder() {
        var lease =
                SERVER.client().leases().inNamespace(namespace).withName("drey").get();
        return lease == null || lease.getSpec().getHolderIdentity() == null
                ? ""
                : lease.getSpec().getHolderIdentity();
    }

    @Test
    @DisplayName("one leads, the other waits; who ends hands over at once")
    @Tag("S053")
    void handover() {
        try (var two = candidateAfter("one")) {
            assertThat(told).containsExactly("one leads");
            first.close();
            await().atMost(Duration.ofSeconds(3)).until(() -> told.contains("two leads"));
            assertThat(told).doesNotContain("one lost");
            assertThat(holder()).isEqualTo("two");
        }
    }

    private Leadership first;

    private Leadership candidateAfter(String name) {
        first = candidate(name, SERVER.client());
        await().until(() -> told.contains(name + " leads"));
        var second = candidate("two", SERVER.client());
        await().during(Duration.ofSeconds(4)).atMost(Duration.ofSeconds(5)).until(() -> holder().equals(name));
        return second;
    }

    @Test
    @DisplayName("a leader that is cut off knows it before another one may lead")
    @Tag("S053")
    void cutOff() {
        var proxy = SERVER.closing(new TcpProxy(URI.create(SERVER.config().getMasterUrl())));
        var client = SERVER.client(new ConfigBuilder(SERVER.config())
                .withMasterUrl(proxy.address().toString())
                .build());
        try (var one = candidate("one", client)) {
            await().until(() -> told.contains("one leads"));
            try (var two = candidate("two", SERVER.client())) {
                proxy.refuses(true);
                proxy.cut();
                await().atMost(Duration.ofSeconds(10)).until(() -> told.contains("two leads"));
                assertThat(told).containsExactly("one leads", "one lost", "two leads");
            }
        }
    }

    @Test
    @DisplayName("who may not use leases is told so at once")
    void noPermission() {
        var nobody = SERVER.client(new ConfigBuilder(SERVER.config())
                .withImpersonateUsername("nobody")
                .build());
        var leadership = new Leadership(
                nobody,
                new Terms(namespace, "drey", "x", Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofMillis(250)),
                () -> {});
        assertThatThrownBy(leadership::await)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no permission for leases")
                .hasMessageContaining(namespace);
    }
}
