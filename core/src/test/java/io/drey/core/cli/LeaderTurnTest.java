package io.drey.core.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drey.core.config.OperatorConfig.Election;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LeaderTurnTest {
    private static final Election ELECTION =
            new Election("drey", Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
    private static final Map<String, String> POD = Map.of(
            "OPERATOR_NAMESPACE", "ops",
            "HOSTNAME", "drey-7c9f",
            "KUBERNETES_SERVICE_HOST", "10.96.0.1",
            "POD_IP", "10.244.0.7",
            "HOST_IP", "192.168.0.3");

    private static String identity(Map<String, String> environment) {
        return LeaderTurn.terms(ELECTION, environment, () -> "f00d").identity();
    }

    private static Map<String, String> pod(String key, String value) {
        var changed = new HashMap<>(POD);
        changed.put(key, value);
        return changed;
    }

    @Test
    void in_a_pod_the_leader_is_known_by_the_name_of_the_pod() {
        assertThat(identity(POD)).isEqualTo("drey-7c9f");
    }

    @Test
    void two_pods_on_the_network_of_one_node_are_two() {
        assertThat(identity(pod("POD_IP", "192.168.0.3"))).isEqualTo("drey-7c9f_f00d");
    }

    @Test
    void two_processes_on_one_machine_are_two() {
        assertThat(identity(Map.of("OPERATOR_NAMESPACE", "ops", "HOSTNAME", "laptop")))
                .isEqualTo("laptop_f00d");
        assertThat(identity(Map.of("OPERATOR_NAMESPACE", "ops"))).isEqualTo("f00d");
    }

    @Test
    void the_namespace_of_the_lease_is_needed() {
        assertThatThrownBy(() -> identity(pod("OPERATOR_NAMESPACE", ""))).hasMessageContaining("OPERATOR_NAMESPACE");
    }
}
