package io.drey.plugin.nativek8s;

import io.drey.spi.Deployer.Launch;
import io.drey.spi.config.ConfigKey;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.RestoreMode;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkVersion;
import java.util.Optional;

/** What is fixed for one launch, and different in the next: job id, where to restore from, where results go. */
final class LaunchSettings {
    private static final ConfigKey<Optional<String>> STORAGE = ConfigKey.text(
            "high-availability.storageDir", "high-availability.zookeeper.storageDir", "recovery.zookeeper.storageDir");

    private LaunchSettings() {}

    static FlinkConfig of(Launch launch, FlinkDeployment target) {
        refuseFiles(launch.config());
        var config = restored(launch);
        if (target.spec().job().isEmpty()) {
            return config;
        }
        if (launch.jobId().isPresent()) {
            config = config.with("$internal.pipeline.job-id", launch.jobId().get());
        }
        var storage = config.get(STORAGE).map(String::strip).filter(dir -> !dir.isEmpty());
        if (storage.isEmpty()) {
            return config;
        }
        config = config.withDefault("job-result-store.delete-on-commit", "false")
                .with(
                        "job-result-store.storage-path",
                        resultStore("job-result-store", storage.get(), target, launch.operation()));
        return Targets.version(target.spec()).isAtLeast(FlinkVersion.V2_3)
                ? config.with(
                        "application-result-store.storage-path",
                        resultStore("application-result-store", storage.get(), target, launch.operation()))
                : config;
    }

    /** With the state that the operation restores, whatever else the configuration says. */
    private static FlinkConfig restored(Launch launch) {
        RestorePath.refuseArguments(launch.config());
        if (launch.savepoint().isPresent()) {
            return RestorePath.of(launch.config(), launch.savepoint().get());
        }
        boolean lastState = launch.operation().restore().mode() == RestoreMode.HIGH_AVAILABILITY
                && RestorePath.is(launch.config(), JobConfig.LAST_STATE);
        return lastState ? RestorePath.of(launch.config(), JobConfig.LAST_STATE) : RestorePath.none(launch.config());
    }

    /**
     * A directory that no launch had before: the result of an earlier job would make this one look finished. Since 2.3 the
     * application has a result as well, under an id that is the same in each launch: a JobManager that was stopped before it
     * had tidied up leaves it, and the next one would start no job.
     */
    private static String resultStore(String kind, String storage, FlinkDeployment target, Operation operation) {
        var hex = EffectId.derive(operation.id(), kind, 1).hex();
        var uuid = String.join(
                "-",
                hex.substring(0, 8),
                hex.substring(8, 12),
                hex.substring(12, 16),
                hex.substring(16, 20),
                hex.substring(20));
        return storage + (storage.endsWith("/") ? "" : "/") + kind + "/"
                + target.metadata().name() + "/" + uuid;
    }

    /** Rendering reads no files: a setting that names one of the operator's machine cannot be followed. */
    private static void refuseFiles(FlinkConfig config) {
        for (var key : config.values().keySet()) {
            if (key.startsWith("kubernetes.pod-template-file")) {
                throw new IllegalArgumentException(key + ": found a file of the operator's container, must not be set."
                        + " Put the template into spec.podTemplate, spec.jobManager.podTemplate or"
                        + " spec.taskManager.podTemplate");
            }
        }
        var mounts = config.get("kubernetes.decorator.kerberos-mount.enabled")
                .map(Boolean::parseBoolean)
                .orElse(true);
        var files = Optional.<String>empty()
                .or(() -> present(config, "security.kerberos.krb5-conf.path"))
                .or(() -> present(config, "security.kerberos.login.principal")
                        .flatMap(principal -> present(config, "security.kerberos.login.keytab")));
        if (mounts && files.isPresent()) {
            throw new IllegalArgumentException(
                    files.get() + ": found a file to be copied from the operator's container,"
                            + " must be one that is in the pods. Mount it with kubernetes.secrets or a pod template, and set"
                            + " kubernetes.decorator.kerberos-mount.enabled: false");
        }
    }

    private static Optional<String> present(FlinkConfig config, String key) {
        return config.get(key).filter(value -> !value.isBlank()).map(value -> key);
    }
}
