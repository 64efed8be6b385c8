package io.drey.core.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HandOverTest {
    private final List<String> handed = new ArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private boolean fails;
    private final HandOver store = new HandOver(
            new Informer.Handler() {
                @Override
                public void seen(GenericKubernetesResource object) {
                    if (fails) {
                        throw new IllegalStateException("no memory");
                    }
                    handed.add("seen " + object.getMetadata().getName() + " "
                            + object.getMetadata().getResourceVersion());
                }

                @Override
                public void gone(String namespace, String name) {
                    handed.add("gone " + namespace + "/" + name);
                }
            },
            () -> {},
            failures::incrementAndGet);

    private void put(String version) {
        var object = new GenericKubernetesResource();
        object.setMetadata(new ObjectMetaBuilder()
                .withNamespace("shop")
                .withName("job")
                .withResourceVersion(version)
                .build());
        store.put(store.getKey(object), object);
    }

    @Test
    void a_version_is_handed_over_once_and_an_object_goes_once() {
        put("1");
        put("1");
        put("2");
        store.remove("shop/job");
        store.remove("shop/job");

        assertThat(handed).containsExactly("seen job 1", "seen job 2", "gone shop/job");
    }

    @Test
    void what_was_not_taken_in_is_handed_over_by_the_next_list() {
        fails = true;
        put("1");
        assertThat(failures).hasValue(1);
        fails = false;
        put("1");

        assertThat(handed).containsExactly("seen job 1");
        assertThat(store.values())
                .extracting(one -> one.getMetadata().getNamespace())
                .containsExactly("shop");
    }
}
