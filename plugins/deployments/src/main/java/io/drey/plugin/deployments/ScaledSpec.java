package io.drey.plugin.deployments;

import io.drey.spi.Decorator;
import io.drey.spi.Situation;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.config.OperatorKeys;
import io.drey.spi.config.ParallelismOverrides;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.LastReconciledSpec;
import io.drey.spi.resource.ResourceMapper;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Keeps the settings that the Apache operator's autoscaler has put into the recorded spec, and that no resource has: the job
 * goes on with them, and launches have them too. What the user edits counts more.
 *
 * <p>They are the autoscaler's where its keys say so, and where no key does, where its ConfigMap has such settings.
 */
final class ScaledSpec implements Decorator<CustomResource> {
    private static final ConfigKey<Optional<String>> ENABLED = ifSet(OperatorKeys.AUTOSCALER);
    private static final ConfigKey<Optional<String>> TUNING = ifSet(OperatorKeys.AUTOSCALER_TUNING);

    private final Recorded recorded;
    private final ScaledSettingsPart memory;

    @Inject
    ScaledSpec(ResourceMapper mapper, ScaledSettingsPart memory) {
        this.recorded = new Recorded(mapper);
        this.memory = memory;
    }

    @Override
    public Phase<CustomResource> phase() {
        return Phase.SPEC;
    }

    @Override
    public Set<String> kinds() {
        return Set.of(FlinkDeployment.TYPE.kind());
    }

    @Override
    public CustomResource decorate(CustomResource value, Situation situation) {
        var resource = (FlinkDeployment) value;
        return recorded.last(resource)
                .map(LastReconciledSpec::spec)
                .filter(launched -> launched.job().isPresent())
                .map(launched -> scaled(resource, launched, situation))
                .orElse(value);
    }

    private CustomResource scaled(FlinkDeployment resource, FlinkDeploymentSpec launched, Situation situation) {
        var own = ScaledSettings.of(resource.spec());
        var before = ScaledSettings.of(launched);
        if (own.equals(before) || !enabled(situation.config()).orElse(true)) {
            return resource;
        }
        var edited = memory.edited(resource);
        var spec = resource.spec();
        boolean tuned = !own.memory().equals(before.memory())
                && edited.filter(then -> then.memory().equals(own.memory())).isPresent();
        if (tuned && counts(situation, TUNING, AutoscalerState::memory)) {
            spec = ScaledSettings.withMemoryOf(launched, spec);
        }
        if (!own.parallelism().equals(before.parallelism())
                && counts(situation, ENABLED, AutoscalerState::parallelism)) {
            spec = withParallelism(own.parallelism(before, edited.orElse(ScaledSettings.NONE)), spec, launched);
        }
        return resource.withSpec(spec);
    }

    /** With these values, in the words of the recorded spec where they are the same. */
    private static FlinkDeploymentSpec withParallelism(
            Map<String, Integer> parallelism, FlinkDeploymentSpec spec, FlinkDeploymentSpec launched) {
        var configuration = spec.flinkConfiguration();
        for (var key : configuration.flatten().keySet()) {
            if (key.startsWith(ParallelismOverrides.NAME)) {
                configuration = configuration.without(key);
            }
        }
        if (parallelism.equals(RescalesPart.overrides(launched))) {
            for (var recorded : launched.flinkConfiguration().flatten().entrySet()) {
                if (recorded.getKey().startsWith(ParallelismOverrides.NAME)) {
                    configuration = configuration.with(recorded.getKey(), recorded.getValue());
                }
            }
        } else if (!parallelism.isEmpty()) {
            configuration = configuration.with(
                    ParallelismOverrides.NAME,
                    parallelism.entrySet().stream()
                            .map(vertex -> vertex.getKey() + ":" + vertex.getValue())
                            .collect(Collectors.joining(",")));
        }
        return spec.withFlinkConfiguration(configuration);
    }

    /** The text of a key, for which its default is not the same as none. */
    private static ConfigKey<Optional<String>> ifSet(ConfigKey<?> key) {
        return ConfigKey.text(key.name(), key.aliases().toArray(String[]::new));
    }

    /** Whether the configuration switches the autoscaler on or off; empty where it says nothing. */
    static Optional<Boolean> enabled(FlinkConfig config) {
        return config.get(ENABLED).map(ScaledSpec::on);
    }

    private static boolean counts(
            Situation situation, ConfigKey<Optional<String>> key, Predicate<AutoscalerState> stored) {
        return situation
                .config()
                .get(key)
                .map(ScaledSpec::on)
                .orElseGet(() -> stored.test(situation.facts().get(AutoscalerState.TYPE)));
    }

    private static boolean on(String value) {
        return value.strip().equalsIgnoreCase("true");
    }
}
