package io.drey.plugin.deployments;

import static io.drey.plugin.deployments.RunningCondition.condition;

import io.drey.spi.config.FlinkConfig;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.Condition;
import io.drey.spi.resource.DeploymentMode;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.JobSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The condition {@code WithoutEffect}: fields and keys that are set, and that this version accepts without effect. There
 * only while there are such.
 */
final class WithoutEffectCondition {
    static final String TYPE = "WithoutEffect";

    private static final String REASON = "NotSupportedYet";
    private static final Pattern OFF = Pattern.compile("\\s*|false|0\\s*[a-zA-Z]*|PT0S");
    private static final List<String> KEYS = List.of(
            "job.autoscaler.enabled",
            "kubernetes.operator.job.autoscaler.enabled",
            "kubernetes.operator.periodic.savepoint.interval",
            "kubernetes.operator.periodic.checkpoint.interval");

    private WithoutEffectCondition() {}

    static Optional<Condition> of(FlinkDeployment resource, FlinkConfig config) {
        List<String> found = new ArrayList<>(fields(resource.spec()));
        KEYS.stream()
                .filter(key -> config.get(key)
                        .filter(value -> !OFF.matcher(value).matches())
                        .isPresent())
                .forEach(found::add);
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(condition(
                        TYPE,
                        true,
                        REASON,
                        "Accepted without effect by this version: " + String.join(", ", found),
                        resource.metadata().generation()));
    }

    private static List<String> fields(FlinkDeploymentSpec spec) {
        List<String> found = new ArrayList<>();
        spec.mode().filter(DeploymentMode.STANDALONE::equals).ifPresent(mode -> found.add("spec.mode: standalone"));
        spec.ingress().ifPresent(ingress -> found.add("spec.ingress"));
        spec.job()
                .flatMap(JobSpec::savepointTriggerNonce)
                .ifPresent(nonce -> found.add("spec.job.savepointTriggerNonce"));
        spec.job()
                .flatMap(JobSpec::checkpointTriggerNonce)
                .ifPresent(nonce -> found.add("spec.job.checkpointTriggerNonce"));
        spec.job()
                .flatMap(JobSpec::autoscalerResetNonce)
                .ifPresent(nonce -> found.add("spec.job.autoscalerResetNonce"));
        return found;
    }

    /** Emitted when the status does not say so yet. */
    static Optional<Event> event(Condition now, List<Condition> before) {
        return before.stream()
                        .anyMatch(old ->
                                old.type().equals(now.type()) && old.message().equals(now.message()))
                ? Optional.empty()
                : Optional.of(Event.warning("Operator", now.reason(), now.message())
                        .foldedBy(now.type().equals(TYPE) ? "without-effect" : now.type()));
    }
}
