package io.drey.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.core.port.KubernetesApi;
import io.drey.core.port.KubernetesError;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.plan.ObjectKey;
import io.drey.spi.plan.Outcome;
import io.drey.spi.plan.Step;
import io.drey.spi.resource.ResourceMapper;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A name that is taken when an object is created, and an object that changes before it is patched. */
class ExecutorTest {
    private static final String OURS = "a".repeat(32);

    private final ObjectNode manifest = deployment(OURS);

    private static ObjectNode deployment(String operation) {
        var object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "apps/v1").put("kind", "Deployment");
        var metadata = object.putObject("metadata");
        metadata.put("namespace", "orders").put("name", "basic").put("uid", "uid-1");
        metadata.putObject("annotations").put(Executor.OPERATION_ANNOTATION, operation);
        return object;
    }

    /** Creates the manifest where the name is taken. */
    private Outcome createdBeside(Optional<JsonNode> existing) {
        var kubernetes = (KubernetesApi) Proxy.newProxyInstance(
                KubernetesApi.class.getClassLoader(), new Class<?>[] {KubernetesApi.class}, (proxy, method, args) -> {
                    return switch (method.getName()) {
                        case "create" -> Optional.empty();
                        case "get" -> {
                            assertThat(args).containsExactly(ObjectKey.of(manifest));
                            yield existing;
                        }
                        default -> throw new AssertionError("not needed: " + method);
                    };
                });
        var step = new Step.Create(manifest, Optional.empty());
        var resource = new ResourceMapper().deployment(JsonNodeFactory.instance.objectNode());
        return new Executor(kubernetes, null, null, Clock.systemUTC(), resource)
                .carryOut(List.of(step))
                .get(step);
    }

    @Test
    void an_object_of_the_same_operation_counts_as_created() {
        assertThat(createdBeside(Optional.of(deployment(OURS)))).isEqualTo(Outcome.Done.PLAIN);
    }

    @Test
    void an_object_of_another_operation_or_of_none_is_a_conflict_with_the_command_that_removes_it() {
        var unmarked = deployment("");
        unmarked.withObject("/metadata").remove("annotations");

        for (var existing : List.of(deployment("b".repeat(32)), unmarked)) {
            assertThat(createdBeside(Optional.of(existing))).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                assertThat(failed.failure().kind()).isEqualTo(ErrorKind.EXTERNAL);
                assertThat(failed.failure().code()).isEqualTo("Conflict");
                assertThat(failed.failure().message())
                        .contains("was not made by this operation")
                        .contains("kubectl -n orders delete deployment basic");
            });
        }
    }

    @Test
    void an_object_that_has_gone_meanwhile_is_created_in_a_later_pass() {
        assertThat(createdBeside(Optional.empty()))
                .isInstanceOfSatisfying(
                        Outcome.Pending.class,
                        pending -> assertThat(pending.what()).isEqualTo("Deployment orders/basic is going away"));
    }

    /** Patches version 1 where version 2 of an object with this uid is there. */
    private Outcome patchedLate(Optional<String> uid, String uidNow, List<String> accepted) {
        var now = deployment(OURS);
        now.withObject("/metadata").put("uid", uidNow).put("resourceVersion", "2");
        var kubernetes = (KubernetesApi) Proxy.newProxyInstance(
                KubernetesApi.class.getClassLoader(), new Class<?>[] {KubernetesApi.class}, (proxy, method, args) -> {
                    return switch (method.getName()) {
                        case "patch" -> {
                            if (!args[1].equals("2")) {
                                throw new KubernetesError(409, "the object has been modified");
                            }
                            accepted.add(String.valueOf(args[2]));
                            yield null;
                        }
                        case "get" -> Optional.of(now);
                        default -> throw new AssertionError("not needed: " + method);
                    };
                });
        var merge = JsonNodeFactory.instance.objectNode().put("replicas", 0);
        var step = new Step.Patch(ObjectKey.of(manifest), "1", merge, uid);
        var resource = new ResourceMapper().deployment(JsonNodeFactory.instance.objectNode());
        return new Executor(kubernetes, null, null, Clock.systemUTC(), resource)
                .carryOut(List.of(step))
                .get(step);
    }

    @Test
    void a_patch_that_is_right_for_every_version_is_tried_once_more_on_the_same_object() {
        List<String> accepted = new ArrayList<>();
        assertThat(patchedLate(Optional.of("uid-1"), "uid-1", accepted)).isEqualTo(Outcome.Done.PLAIN);
        assertThat(accepted).containsExactly("{\"replicas\":0}");
    }

    @Test
    void a_patch_of_one_version_or_of_another_object_is_not() {
        List<String> accepted = new ArrayList<>();
        for (var outcome : List.of(
                patchedLate(Optional.empty(), "uid-1", accepted),
                patchedLate(Optional.of("uid-1"), "uid-2", accepted))) {
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.failure().code()).isEqualTo("Conflict"));
        }
        assertThat(accepted).isEmpty();
    }
}
