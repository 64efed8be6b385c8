package io.drey.core.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drey.spi.plan.ObjectKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiPathsTest {
    private final ApiPaths paths = new ApiPaths(kind -> Optional.empty());

    @Test
    void a_name_is_one_segment_of_the_path() {
        assertThat(paths.object(new ObjectKey("apps/v1", "Deployment", "shop", "orders")))
                .isEqualTo("/apis/apps/v1/namespaces/shop/deployments/orders");
        assertThat(paths.object(new ObjectKey("v1", "ConfigMap", "shop", "orders?dryRun=All #x")))
                .isEqualTo("/api/v1/namespaces/shop/configmaps/orders%3FdryRun%3DAll%20%23x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a%2fb"})
    void a_name_that_the_API_server_would_take_for_more_than_a_segment_is_refused(String name) {
        assertThatThrownBy(() -> paths.object(new ObjectKey("v1", "ConfigMap", "shop", name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found '" + name + "'");
        assertThatThrownBy(() -> paths.collection("v1", "ConfigMap", name))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
