package io.drey.plugin.deployments;

import static io.drey.plugin.deployments.RunningCondition.condition;

import io.drey.spi.config.OperatorKeys;
import io.drey.spi.config.OperatorKeys.Effect;
import io.drey.spi.config.OperatorKeys.Entry;
import io.drey.spi.config.OperatorKeys.Scope;
import io.drey.spi.plan.Event;
import io.drey.spi.resource.Condition;
import io.drey.spi.resource.DeploymentMode;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.JobSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The condition {@code WithoutEffect}: fields and keys that are set, and that this version accepts without effect. There
 * only while there are such.
 */
final class WithoutEffectCondition {
    static final String TYPE = "WithoutEffect";

    private static final String REASON = "NotSupportedYet";
    private static final Pattern OFF = Pattern.compile("\\s*|false|0\\s*[a-zA-Z]*|PT0S");

    private WithoutEffectCondition() {}

    static Optional<Condition> of(FlinkDeployment resource) {
        List<String> found = new ArrayList<>(fields(resource.spec()));
        new TreeMap<>(resource.spec().flinkConfiguration().flatten()).forEach((key, value) -> {
            if (OperatorKeys.find(key).filter(WithoutEffectCondition::waits).isPresent()
                    && !OFF.matcher(value).matches()) {
                found.add(key);
            }
        });
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(condition(
                        TYPE,
                        true,
                        REASON,
                        "Accepted without effect by this version: " + String.join(", ", found),
                        resource.metadata().generation()));
    }

    /** What else is set of the autoscaler says nothing while that is off. */
    private static boolean waits(Entry entry) {
        return entry.effect() == Effect.LATER
                && entry.scope() == Scope.RESOURCE
                && (!entry.key().name().startsWith("job.autoscaler.")
                        || entry.key().equals(OperatorKeys.AUTOSCALER));
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
