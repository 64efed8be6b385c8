package io.drey.spi.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The table of the operator's keys, {@code kubernetes.operator.} and {@code job.autoscaler.}: each with its aliases, type and
 * default, written once. Code takes a key from here, and so do the reference page and what is said about keys.
 */
public final class OperatorKeys {
    public static final ConfigKey<Duration> RECONCILE_INTERVAL = ConfigKey.duration(
            "kubernetes.operator.reconcile.interval",
            Duration.ofSeconds(60),
            "kubernetes.operator.reconciler.reschedule.interval");
    public static final ConfigKey<Integer> RECONCILE_PARALLELISM = ConfigKey.integer(
            "kubernetes.operator.reconcile.parallelism", 50, "kubernetes.operator.reconciler.max.parallelism");
    public static final ConfigKey<Duration> FLINK_CLIENT_TIMEOUT = ConfigKey.duration(
            "kubernetes.operator.flink.client.timeout",
            Duration.ofSeconds(10),
            "kubernetes.operator.observer.flink.client.timeout");
    public static final ConfigKey<List<String>> ARTIFACT_SCHEMES =
            schemes("kubernetes.operator.user.artifacts.allowed-schemes");
    public static final ConfigKey<Boolean> ARTIFACT_HOSTS =
            ConfigKey.bool("kubernetes.operator.user.artifacts.disallow-restricted-hosts", true);
    public static final ConfigKey<Boolean> STACK_TRACE =
            ConfigKey.bool("kubernetes.operator.exception.stacktrace.enabled", false);
    public static final ConfigKey<Integer> STACK_TRACE_LENGTH =
            ConfigKey.integer("kubernetes.operator.exception.stacktrace.max.length", 2048);
    public static final ConfigKey<Integer> FIELD_LENGTH =
            ConfigKey.integer("kubernetes.operator.exception.field.max.length", 2048);
    public static final ConfigKey<Integer> THROWABLES =
            ConfigKey.integer("kubernetes.operator.exception.throwable.list.max.count", 2);
    public static final ConfigKey<Map<String, String>> EXCEPTION_LABELS =
            ConfigKey.map("kubernetes.operator.exception.label.mapper");
    public static final ConfigKey<Optional<String>> WATCHED_NAMESPACES =
            ConfigKey.text("kubernetes.operator.watched.namespaces");
    public static final ConfigKey<Duration> RETRY_INITIAL =
            ConfigKey.duration("kubernetes.operator.retry.initial.interval", Duration.ofMillis(500));
    public static final ConfigKey<Optional<Duration>> RETRY_MAX = optional("kubernetes.operator.retry.max.interval");
    public static final ConfigKey<Double> RETRY_MULTIPLIER =
            ConfigKey.decimal("kubernetes.operator.retry.interval.multiplier", 2);
    public static final ConfigKey<Boolean> LEADER_ELECTION =
            ConfigKey.bool("kubernetes.operator.leader-election.enabled", false);
    public static final ConfigKey<Optional<String>> LEASE_NAME =
            ConfigKey.text("kubernetes.operator.leader-election.lease-name");
    public static final ConfigKey<Duration> LEASE_DURATION =
            ConfigKey.duration("kubernetes.operator.leader-election.lease-duration", Duration.ofSeconds(15));
    public static final ConfigKey<Duration> RENEW_DEADLINE =
            ConfigKey.duration("kubernetes.operator.leader-election.renew-deadline", Duration.ofSeconds(10));
    public static final ConfigKey<Duration> RETRY_PERIOD =
            ConfigKey.duration("kubernetes.operator.leader-election.retry-period", Duration.ofSeconds(2));
    public static final ConfigKey<Duration> PROGRESS_CHECK =
            ConfigKey.duration("kubernetes.operator.observer.progress-check.interval", Duration.ofSeconds(10));
    public static final ConfigKey<Boolean> DYNAMIC_CONFIG =
            ConfigKey.bool("kubernetes.operator.dynamic.config.enabled", true);
    public static final ConfigKey<Optional<String>> LABEL_SELECTOR =
            ConfigKey.text("kubernetes.operator.label.selector");
    public static final ConfigKey<Boolean> HEALTH_PROBE =
            ConfigKey.bool("kubernetes.operator.health.probe.enabled", true);
    public static final ConfigKey<Integer> HEALTH_PORT =
            ConfigKey.integer("kubernetes.operator.health.probe.port", 8085);
    public static final ConfigKey<Boolean> STOP_ON_INFORMER_ERROR =
            ConfigKey.bool("kubernetes.operator.startup.stop-on-informer-error", true);
    public static final ConfigKey<Duration> TERMINATION_TIMEOUT =
            ConfigKey.duration("kubernetes.operator.termination.timeout", Duration.ofSeconds(10));
    public static final ConfigKey<Integer> EXCEPTION_LINES =
            ConfigKey.integer("kubernetes.operator.events.exceptions.stacktrace-lines", 5);
    public static final ConfigKey<Integer> EXCEPTION_LIMIT =
            ConfigKey.integer("kubernetes.operator.events.exceptions.limit-per-reconciliation", 10);
    public static final ConfigKey<Boolean> ROLLBACK =
            ConfigKey.bool("kubernetes.operator.deployment.rollback.enabled", false);
    public static final ConfigKey<Duration> STABILITY_WINDOW =
            ConfigKey.duration("kubernetes.operator.deployment.rollback.stability-window", Duration.ofMinutes(1));
    public static final ConfigKey<Duration> READINESS_TIMEOUT =
            ConfigKey.duration("kubernetes.operator.deployment.readiness.timeout", Duration.ofMinutes(5));
    public static final ConfigKey<Boolean> INPLACE_SCALING =
            ConfigKey.bool("kubernetes.operator.job.upgrade.inplace-scaling.enabled", true);
    public static final ConfigKey<Boolean> LAST_STATE_FALLBACK =
            ConfigKey.bool("kubernetes.operator.job.upgrade.last-state-fallback.enabled", true);
    public static final ConfigKey<Optional<Duration>> MAX_CHECKPOINT_AGE =
            optional("kubernetes.operator.job.upgrade.last-state.max.allowed.checkpoint.age");
    public static final ConfigKey<Boolean> LAST_STATE_CANCEL =
            ConfigKey.bool("kubernetes.operator.job.upgrade.last-state.job-cancel.enabled", false);
    public static final ConfigKey<Boolean> JM_RECOVERY = ConfigKey.bool(
            "kubernetes.operator.jm-deployment-recovery.enabled",
            true,
            "kubernetes.operator.reconciler.jm-deployment-recovery.enabled");
    public static final ConfigKey<Duration> SHUTDOWN_TTL =
            ConfigKey.duration("kubernetes.operator.jm-deployment.shutdown-ttl", Duration.ofDays(1));
    public static final ConfigKey<Boolean> STARTUP_PROBE =
            ConfigKey.bool("kubernetes.operator.jm-deployment.startup.probe.enabled", true);
    public static final ConfigKey<Boolean> MERGE_BY_NAME =
            ConfigKey.bool("kubernetes.operator.pod-template.merge-arrays-by-name", false);
    public static final ConfigKey<Boolean> LAUNCH_TRIAL =
            ConfigKey.bool("kubernetes.operator.launch-trial.enabled", true);
    public static final ConfigKey<Boolean> TERMINATION_MESSAGES =
            ConfigKey.bool("kubernetes.operator.termination-messages.enabled", true);
    public static final ConfigKey<Optional<String>> PERIODIC_SAVEPOINT =
            ConfigKey.text("kubernetes.operator.periodic.savepoint.interval");
    public static final ConfigKey<Optional<String>> PERIODIC_CHECKPOINT =
            ConfigKey.text("kubernetes.operator.periodic.checkpoint.interval");
    public static final ConfigKey<Boolean> HEALTH_CHECK =
            ConfigKey.bool("kubernetes.operator.cluster.health-check.enabled", false);
    public static final ConfigKey<Duration> RESTARTS_WINDOW =
            ConfigKey.duration("kubernetes.operator.cluster.health-check.restarts.window", Duration.ofMinutes(2));
    public static final ConfigKey<Integer> RESTARTS_THRESHOLD =
            ConfigKey.integer("kubernetes.operator.cluster.health-check.restarts.threshold", 64);
    public static final ConfigKey<Boolean> CHECKPOINT_PROGRESS =
            ConfigKey.bool("kubernetes.operator.cluster.health-check.checkpoint-progress.enabled", true);
    public static final ConfigKey<Optional<Duration>> CHECKPOINT_PROGRESS_WINDOW =
            optional("kubernetes.operator.cluster.health-check.checkpoint-progress.window");
    public static final ConfigKey<Boolean> RESTART_FAILED =
            ConfigKey.bool("kubernetes.operator.job.restart.failed", false);
    public static final ConfigKey<Boolean> SAVEPOINT_ON_DELETION =
            ConfigKey.bool("kubernetes.operator.job.savepoint-on-deletion", false);
    public static final ConfigKey<String> DELETION_PROPAGATION =
            word("kubernetes.operator.resource.deletion.propagation", "FOREGROUND", "BACKGROUND", "ORPHAN");
    public static final ConfigKey<String> SAVEPOINT_FORMAT =
            word("kubernetes.operator.savepoint.format.type", "CANONICAL", "NATIVE");
    public static final ConfigKey<Boolean> DRAIN =
            ConfigKey.bool("kubernetes.operator.job.drain-on-savepoint-deletion", false);
    public static final ConfigKey<Boolean> BLOCK_ON_UNMANAGED_JOBS = ConfigKey.bool(
            "kubernetes.operator.session.deletion.block-on-unmanaged-jobs",
            true,
            "kubernetes.operator.session.block-on-unmanaged-jobs");
    public static final ConfigKey<Boolean> BLOCK_ON_SESSION_JOBS =
            ConfigKey.bool("kubernetes.operator.session.deletion.block-on-session-jobs", true);
    public static final ConfigKey<Duration> BLUE_GREEN_ABORT =
            ConfigKey.duration("kubernetes.operator.bluegreen.abort.grace-period", Duration.ofMinutes(10));
    public static final ConfigKey<Duration> BLUE_GREEN_RESCHEDULE = ConfigKey.duration(
            "kubernetes.operator.bluegreen.reconciliation.reschedule-interval", Duration.ofSeconds(15));
    public static final ConfigKey<Duration> BLUE_GREEN_DELETION_DELAY =
            ConfigKey.duration("kubernetes.operator.bluegreen.deployment-deletion.delay", Duration.ZERO);
    public static final ConfigKey<Boolean> AUTOSCALER =
            ConfigKey.bool("job.autoscaler.enabled", false, "kubernetes.operator.job.autoscaler.enabled");
    public static final ConfigKey<Boolean> AUTOSCALER_TUNING = ConfigKey.bool(
            "job.autoscaler.memory.tuning.enabled", false, "kubernetes.operator.job.autoscaler.memory.tuning.enabled");
    public static final ConfigKey<Duration> AUTOSCALER_WINDOW = ConfigKey.duration(
            "job.autoscaler.metrics.window",
            Duration.ofMinutes(15),
            "kubernetes.operator.job.autoscaler.metrics.window");
    public static final ConfigKey<Double> AUTOSCALER_TARGET = ConfigKey.decimal(
            "job.autoscaler.utilization.target",
            0.7,
            "kubernetes.operator.job.autoscaler.utilization.target",
            "job.autoscaler.target.utilization",
            "kubernetes.operator.job.autoscaler.target.utilization");

    /** Prefixes with names of the user's in them. */
    private static final List<String> FAMILIES = List.of(
            "kubernetes.operator.default-configuration.",
            "kubernetes.operator.plugins.listeners.",
            "kubernetes.operator.metrics.",
            "kubernetes.operator.exception.label.mapper.",
            "kubernetes.operator.user.artifacts.http.header.",
            "job.autoscaler.scaling.parallelism-alignment.mode.",
            "job.autoscaler.metrics.custom-evaluator.",
            "job.autoscaler.scaling.custom-executor.",
            "kubernetes.operator.job.autoscaler.scaling.parallelism-alignment.mode.",
            "kubernetes.operator.job.autoscaler.metrics.custom-evaluator.",
            "kubernetes.operator.job.autoscaler.scaling.custom-executor.");

    /** Longer than any key, with its typing errors. */
    private static final int LONGEST_NAME = 200;

    private static final List<Entry> TABLE = List.of(
            works(Scope.RESOURCE, RECONCILE_INTERVAL),
            works(Scope.START, RECONCILE_PARALLELISM),
            works(Scope.START, FLINK_CLIENT_TIMEOUT),
            needless(
                    Scope.OPERATOR,
                    ConfigKey.duration(
                            "kubernetes.operator.flink.client.cancel.timeout",
                            Duration.ofMinutes(1),
                            "kubernetes.operator.reconciler.flink.cancel.job.timeout"),
                    "a cancelled job is polled until it has ended"),
            needless(
                    Scope.OPERATOR,
                    ConfigKey.duration(
                            "kubernetes.operator.resource.cleanup.timeout",
                            Duration.ofMinutes(5),
                            "kubernetes.operator.reconciler.flink.cluster.shutdown.timeout"),
                    "nothing waits for a deletion, which goes on until it is done"),
            later(
                    Scope.OPERATOR,
                    ConfigKey.duration("kubernetes.operator.job.submission.timeout", Duration.ofMinutes(10)),
                    "session jobs"),
            later(Scope.OPERATOR, ConfigKey.text("kubernetes.operator.user.artifacts.base.dir"), "session jobs"),
            works(Scope.OPERATOR, ARTIFACT_SCHEMES),
            works(Scope.OPERATOR, ARTIFACT_HOSTS),
            later(Scope.RESOURCE, ConfigKey.text("kubernetes.operator.user.artifacts.http.header"), "session jobs"),
            works(Scope.RESOURCE, STACK_TRACE),
            works(Scope.RESOURCE, STACK_TRACE_LENGTH),
            works(Scope.RESOURCE, FIELD_LENGTH),
            works(Scope.RESOURCE, THROWABLES),
            works(Scope.RESOURCE, EXCEPTION_LABELS),
            works(Scope.START, WATCHED_NAMESPACES),
            later(
                    Scope.OPERATOR,
                    ConfigKey.bool("kubernetes.operator.dynamic.namespaces.enabled", false),
                    "changes of namespaces at run time"),
            works(Scope.START, RETRY_INITIAL),
            works(Scope.START, RETRY_MAX),
            works(Scope.START, RETRY_MULTIPLIER),
            needless(
                    Scope.START,
                    ConfigKey.integer("kubernetes.operator.retry.max.attempts", 15),
                    "what fails is tried again until it works, at growing intervals"),
            later(
                    Scope.START,
                    ConfigKey.duration("kubernetes.operator.rate-limiter.refresh-period", Duration.ofSeconds(15)),
                    "rate limits"),
            later(Scope.START, ConfigKey.integer("kubernetes.operator.rate-limiter.limit", 5), "rate limits"),
            works(Scope.START, LEADER_ELECTION),
            works(Scope.START, LEASE_NAME),
            works(Scope.START, LEASE_DURATION),
            works(Scope.START, RENEW_DEADLINE),
            works(Scope.START, RETRY_PERIOD),
            needless(
                    Scope.OPERATOR,
                    ConfigKey.duration("kubernetes.operator.observer.rest-ready.delay", Duration.ofSeconds(10)),
                    "a JobManager is ready as soon as it serves"),
            works(Scope.RESOURCE, PROGRESS_CHECK),
            works(Scope.START, DYNAMIC_CONFIG),
            needless(
                    Scope.START,
                    ConfigKey.duration("kubernetes.operator.dynamic.config.check.interval", Duration.ofMinutes(5)),
                    "a changed file counts within two seconds"),
            needless(
                    Scope.START,
                    ConfigKey.duration("kubernetes.operator.config.cache.timeout", Duration.ofMinutes(10)),
                    "configurations are not cached"),
            needless(
                    Scope.START,
                    ConfigKey.integer("kubernetes.operator.config.cache.size", 1000),
                    "configurations are not cached"),
            later(
                    Scope.OPERATOR,
                    ConfigKey.text("kubernetes.operator.savepoint.history.max.count.threshold"),
                    "snapshots"),
            later(Scope.OPERATOR, optional("kubernetes.operator.savepoint.history.max.age.threshold"), "snapshots"),
            works(Scope.START, LABEL_SELECTOR),
            works(Scope.START, HEALTH_PROBE),
            works(Scope.START, HEALTH_PORT),
            later(
                    Scope.OPERATOR,
                    ConfigKey.duration("kubernetes.operator.health.canary.resource.timeout", Duration.ofMinutes(1)),
                    "canary resources"),
            works(Scope.START, STOP_ON_INFORMER_ERROR),
            works(Scope.START, TERMINATION_TIMEOUT),
            later(
                    Scope.START,
                    ConfigKey.duration(
                            "kubernetes.operator.cluster.resource-view.refresh-interval", Duration.ofMinutes(-1)),
                    "the autoscaler"),
            works(Scope.RESOURCE, EXCEPTION_LINES),
            works(Scope.RESOURCE, EXCEPTION_LIMIT),
            later(Scope.OPERATOR, ConfigKey.bool("kubernetes.operator.ingress.manage", true), "ingresses"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.duration(
                            "kubernetes.operator.savepoint.trigger.grace-period",
                            Duration.ofMinutes(1),
                            "kubernetes.operator.observer.savepoint.trigger.grace-period"),
                    "snapshots"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.duration("kubernetes.operator.checkpoint.trigger.grace-period", Duration.ofMinutes(1)),
                    "snapshots"),
            works(Scope.RESOURCE, ROLLBACK),
            works(Scope.RESOURCE, STABILITY_WINDOW),
            works(Scope.RESOURCE, READINESS_TIMEOUT),
            needless(
                    Scope.RESOURCE,
                    ConfigKey.bool("kubernetes.operator.job.upgrade.ignore-pending-savepoint", false),
                    "an upgrade waits for no savepoint that it did not take"),
            works(Scope.RESOURCE, INPLACE_SCALING),
            works(Scope.RESOURCE, LAST_STATE_FALLBACK),
            works(Scope.RESOURCE, MAX_CHECKPOINT_AGE),
            works(Scope.RESOURCE, LAST_STATE_CANCEL),
            works(Scope.RESOURCE, JM_RECOVERY),
            works(Scope.RESOURCE, SHUTDOWN_TTL),
            works(Scope.RESOURCE, STARTUP_PROBE),
            works(Scope.RESOURCE, MERGE_BY_NAME),
            works(Scope.RESOURCE, LAUNCH_TRIAL),
            works(Scope.RESOURCE, TERMINATION_MESSAGES),
            later(
                    Scope.RESOURCE,
                    ConfigKey.bool("kubernetes.operator.savepoint.dispose-on-delete", false),
                    "snapshots"),
            later(Scope.RESOURCE, ConfigKey.text("kubernetes.operator.checkpoint.type"), "snapshots"),
            later(Scope.RESOURCE, ConfigKey.bool("kubernetes.operator.savepoint.cleanup.enabled", true), "snapshots"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.integer("kubernetes.operator.savepoint.history.max.count", 10),
                    "snapshots"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.duration("kubernetes.operator.savepoint.history.max.age", Duration.ofHours(24)),
                    "snapshots"),
            later(Scope.RESOURCE, PERIODIC_SAVEPOINT, "snapshots"),
            later(Scope.RESOURCE, PERIODIC_CHECKPOINT, "snapshots"),
            later(Scope.RESOURCE, ConfigKey.bool("kubernetes.operator.snapshot.resource.enabled", true), "snapshots"),
            works(Scope.RESOURCE, HEALTH_CHECK),
            works(Scope.RESOURCE, RESTARTS_WINDOW),
            works(Scope.RESOURCE, RESTARTS_THRESHOLD),
            works(Scope.RESOURCE, CHECKPOINT_PROGRESS),
            works(Scope.RESOURCE, CHECKPOINT_PROGRESS_WINDOW),
            works(Scope.RESOURCE, RESTART_FAILED),
            works(Scope.RESOURCE, SAVEPOINT_ON_DELETION),
            works(Scope.RESOURCE, DELETION_PROPAGATION),
            works(Scope.RESOURCE, SAVEPOINT_FORMAT),
            works(Scope.RESOURCE, DRAIN),
            works(Scope.RESOURCE, BLOCK_ON_UNMANAGED_JOBS),
            works(Scope.RESOURCE, BLOCK_ON_SESSION_JOBS),
            later(Scope.RESOURCE, BLUE_GREEN_ABORT, "blue/green deployments"),
            later(Scope.RESOURCE, BLUE_GREEN_RESCHEDULE, "blue/green deployments"),
            later(Scope.RESOURCE, BLUE_GREEN_DELETION_DELAY, "blue/green deployments"),
            later(Scope.START, ConfigKey.bool("kubernetes.operator.jvm.metrics.enabled", true), "metrics reporters"),
            later(Scope.START, ConfigKey.bool("kubernetes.operator.josdk.metrics.enabled", true), "metrics reporters"),
            later(
                    Scope.START,
                    ConfigKey.bool("kubernetes.operator.kubernetes.client.metrics.enabled", true),
                    "metrics reporters"),
            later(
                    Scope.START,
                    ConfigKey.bool(
                            "kubernetes.operator.kubernetes.client.metrics.http.response.code.groups.enabled", false),
                    "metrics reporters"),
            later(
                    Scope.START,
                    ConfigKey.bool("kubernetes.operator.resource.metrics.enabled", true),
                    "metrics reporters"),
            later(
                    Scope.START,
                    ConfigKey.bool("kubernetes.operator.resource.lifecycle.metrics.enabled", true),
                    "metrics reporters"),
            later(
                    Scope.START,
                    ConfigKey.bool("kubernetes.operator.resource.lifecycle.namespace.histograms.enabled", true),
                    "metrics reporters"),
            later(
                    Scope.START,
                    ConfigKey.duration(
                            "kubernetes.operator.kubernetes.client.metrics.slow.request.threshold",
                            Duration.ofSeconds(5)),
                    "metrics reporters"),
            later(
                    Scope.START,
                    ConfigKey.integer("kubernetes.operator.metrics.histogram.sample.size", 1000),
                    "metrics reporters"),
            later(
                    Scope.START,
                    ConfigKey.text(
                            "kubernetes.operator.metrics.scope.k8soperator.system",
                            "kubernetes.operator.metrics.scope.k8soperator"),
                    "metrics reporters"),
            later(
                    Scope.START,
                    ConfigKey.text("kubernetes.operator.metrics.scope.k8soperator.resourcens"),
                    "metrics reporters"),
            later(
                    Scope.START,
                    ConfigKey.text("kubernetes.operator.metrics.scope.k8soperator.resource"),
                    "metrics reporters"),
            later(Scope.RESOURCE, AUTOSCALER, "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.bool(
                            "job.autoscaler.scaling.enabled",
                            true,
                            "kubernetes.operator.job.autoscaler.scaling.enabled"),
                    "the autoscaler"),
            later(Scope.RESOURCE, AUTOSCALER_WINDOW, "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.duration(
                            "job.autoscaler.stabilization.interval",
                            Duration.ofMinutes(5),
                            "kubernetes.operator.job.autoscaler.stabilization.interval"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.text(
                            "job.autoscaler.excluded.periods", "kubernetes.operator.job.autoscaler.excluded.periods"),
                    "the autoscaler"),
            later(Scope.RESOURCE, AUTOSCALER_TARGET, "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.decimal(
                            "job.autoscaler.target.utilization.boundary",
                            0.3,
                            "kubernetes.operator.job.autoscaler.target.utilization.boundary"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.text(
                            "job.autoscaler.utilization.max", "kubernetes.operator.job.autoscaler.utilization.max"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.text(
                            "job.autoscaler.utilization.min", "kubernetes.operator.job.autoscaler.utilization.min"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.duration(
                            "job.autoscaler.scale-down.interval",
                            Duration.ofHours(1),
                            "kubernetes.operator.job.autoscaler.scale-down.interval",
                            "job.autoscaler.scale-up.grace-period",
                            "kubernetes.operator.job.autoscaler.scale-up.grace-period"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.integer(
                            "job.autoscaler.vertex.min-parallelism",
                            1,
                            "kubernetes.operator.job.autoscaler.vertex.min-parallelism"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.integer(
                            "job.autoscaler.vertex.max-parallelism",
                            200,
                            "kubernetes.operator.job.autoscaler.vertex.max-parallelism"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.decimal(
                            "job.autoscaler.scale-down.max-factor",
                            0.6,
                            "kubernetes.operator.job.autoscaler.scale-down.max-factor"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.decimal(
                            "job.autoscaler.scale-up.max-factor",
                            100000,
                            "kubernetes.operator.job.autoscaler.scale-up.max-factor"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.duration(
                            "job.autoscaler.catch-up.duration",
                            Duration.ofMinutes(30),
                            "kubernetes.operator.job.autoscaler.catch-up.duration"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.duration(
                            "job.autoscaler.restart.time",
                            Duration.ofMinutes(5),
                            "kubernetes.operator.job.autoscaler.restart.time"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.bool(
                            "job.autoscaler.restart.time-tracking.enabled",
                            false,
                            "kubernetes.operator.job.autoscaler.restart.time-tracking.enabled"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.duration(
                            "job.autoscaler.restart.time-tracking.limit",
                            Duration.ofMinutes(15),
                            "kubernetes.operator.job.autoscaler.restart.time-tracking.limit"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.duration(
                            "job.autoscaler.backlog-processing.lag-threshold",
                            Duration.ofMinutes(5),
                            "kubernetes.operator.job.autoscaler.backlog-processing.lag-threshold"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.duration(
                            "job.autoscaler.observed-true-processing-rate.lag-threshold",
                            Duration.ofSeconds(30),
                            "kubernetes.operator.job.autoscaler.observed-true-processing-rate.lag-threshold"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.decimal(
                            "job.autoscaler.observed-true-processing-rate.switch-threshold",
                            0.15,
                            "kubernetes.operator.job.autoscaler.observed-true-processing-rate.switch-threshold"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.integer(
                            "job.autoscaler.observed-true-processing-rate.min-observations",
                            2,
                            "kubernetes.operator.job.autoscaler.observed-true-processing-rate.min-observations"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.bool(
                            "job.autoscaler.scaling.effectiveness.detection.enabled",
                            false,
                            "kubernetes.operator.job.autoscaler.scaling.effectiveness.detection.enabled"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.decimal(
                            "job.autoscaler.scaling.effectiveness.threshold",
                            0.1,
                            "kubernetes.operator.job.autoscaler.scaling.effectiveness.threshold"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.decimal(
                            "job.autoscaler.memory.gc-pressure.threshold",
                            1,
                            "kubernetes.operator.job.autoscaler.memory.gc-pressure.threshold"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.decimal(
                            "job.autoscaler.memory.heap-usage.threshold",
                            1,
                            "kubernetes.operator.job.autoscaler.memory.heap-usage.threshold"),
                    "the autoscaler"),
            later(Scope.RESOURCE, AUTOSCALER_TUNING, "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.bool(
                            "job.autoscaler.memory.tuning.scale-down-compensation.enabled",
                            true,
                            "kubernetes.operator.job.autoscaler.memory.tuning.scale-down-compensation.enabled"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.decimal(
                            "job.autoscaler.memory.tuning.overhead",
                            0.2,
                            "kubernetes.operator.job.autoscaler.memory.tuning.overhead"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.bool(
                            "job.autoscaler.memory.tuning.maximize-managed-memory",
                            false,
                            "kubernetes.operator.job.autoscaler.memory.tuning.maximize-managed-memory"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.integer(
                            "job.autoscaler.history.max.count",
                            3,
                            "kubernetes.operator.job.autoscaler.history.max.count"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.duration(
                            "job.autoscaler.history.max.age",
                            Duration.ofHours(24),
                            "kubernetes.operator.job.autoscaler.history.max.age"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.text(
                            "job.autoscaler.metrics.busy-time.aggregator",
                            "kubernetes.operator.job.autoscaler.metrics.busy-time.aggregator"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.text(
                            "job.autoscaler.vertex.exclude.ids",
                            "kubernetes.operator.job.autoscaler.vertex.exclude.ids"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.duration(
                            "job.autoscaler.scaling.event.interval",
                            Duration.ofMinutes(30),
                            "kubernetes.operator.job.autoscaler.scaling.event.interval"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.duration(
                            "job.autoscaler.flink.rest-client.timeout",
                            Duration.ofSeconds(10),
                            "kubernetes.operator.job.autoscaler.flink.rest-client.timeout"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.text("job.autoscaler.quota.cpu", "kubernetes.operator.job.autoscaler.quota.cpu"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.text("job.autoscaler.quota.memory", "kubernetes.operator.job.autoscaler.quota.memory"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.text(
                            "job.autoscaler.scaling.parallelism-alignment.mode",
                            "kubernetes.operator.job.autoscaler.scaling.parallelism-alignment.mode"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.text(
                            "job.autoscaler.scaling.key-group.partitions.adjust.mode",
                            "kubernetes.operator.job.autoscaler.scaling.key-group.partitions.adjust.mode"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.bool(
                            "job.autoscaler.observed-scalability.enabled",
                            false,
                            "kubernetes.operator.job.autoscaler.observed-scalability.enabled"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.integer(
                            "job.autoscaler.observed-scalability.min-observations",
                            3,
                            "kubernetes.operator.job.autoscaler.observed-scalability.min-observations"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.decimal(
                            "job.autoscaler.observed-scalability.coefficient-min",
                            0.5,
                            "kubernetes.operator.job.autoscaler.observed-scalability.coefficient-min"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.text(
                            "job.autoscaler.metrics.custom-evaluators",
                            "kubernetes.operator.job.autoscaler.metrics.custom-evaluators"),
                    "the autoscaler"),
            later(
                    Scope.RESOURCE,
                    ConfigKey.text(
                            "job.autoscaler.scaling.custom-executors",
                            "kubernetes.operator.job.autoscaler.scaling.custom-executors"),
                    "the autoscaler"));

    private static final Map<String, Entry> BY_NAME = byName();

    private OperatorKeys() {}

    private static Map<String, Entry> byName() {
        Map<String, Entry> entries = new HashMap<>();
        for (var entry : TABLE) {
            entries.put(entry.key().name(), entry);
            entry.key().aliases().forEach(alias -> entries.put(alias, entry));
        }
        return Map.copyOf(entries);
    }

    /** Where a key counts. */
    public enum Scope {
        /** In the operator's configuration, from its next start on. */
        START,
        /** In the operator's configuration. */
        OPERATOR,
        /** In the operator's configuration, and over it in that of a resource. */
        RESOURCE
    }

    /** Whether a key does anything. */
    public enum Effect {
        WORKS,
        /** Accepted, until the feature that it belongs to is there. */
        LATER,
        /** Accepted, and there is nothing to set here. */
        NEEDLESS
    }

    /**
     * A line of the table.
     *
     * @param why the feature that it waits for, or why it is needless; empty for one that works
     */
    public record Entry(ConfigKey<?> key, Scope scope, Effect effect, String why) {}

    /** All keys, in their order in the reference. */
    public static List<Entry> table() {
        return TABLE;
    }

    /** The line of a key or of an alias of it. */
    public static Optional<Entry> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Whether a key looks like one of the operator's, and is none. */
    public static boolean unknown(String name) {
        return (name.startsWith("kubernetes.operator.") || name.startsWith("job.autoscaler."))
                && FAMILIES.stream().noneMatch(name::startsWith)
                && find(name).isEmpty();
    }

    /** {@code NAME: there is no such key. Did you mean ...?}. */
    public static String unknownMessage(String name) {
        if (name.length() > LONGEST_NAME) {
            return name.substring(0, LONGEST_NAME) + "...: there is no such key. Remove it";
        }
        return name + ": there is no such key"
                + nearest(name).map(known -> ". Did you mean " + known + "?").orElse(". Remove it");
    }

    /** The known key that is most like this one, if any is. */
    static Optional<String> nearest(String name) {
        String best = "";
        int least = Math.max(2, name.length() / 5) + 1;
        for (var entry : TABLE) {
            int distance = distance(name, entry.key().name());
            if (distance < least) {
                least = distance;
                best = entry.key().name();
            }
        }
        return Optional.of(best).filter(found -> !found.isEmpty());
    }

    /** Letters to insert, remove or replace. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }

    private static Entry works(Scope scope, ConfigKey<?> key) {
        return new Entry(key, scope, Effect.WORKS, "");
    }

    private static Entry later(Scope scope, ConfigKey<?> key, String feature) {
        return new Entry(key, scope, Effect.LATER, feature);
    }

    private static Entry needless(Scope scope, ConfigKey<?> key, String why) {
        return new Entry(key, scope, Effect.NEEDLESS, why);
    }

    private static ConfigKey<Optional<Duration>> optional(String name) {
        return new ConfigKey<>(
                name,
                List.of(),
                Optional.empty(),
                "a duration such as 30 s or 5 min",
                text -> Optional.of(FlinkDuration.parse(text)));
    }

    /** One of some words, in any case; the first is the default. */
    private static ConfigKey<String> word(String name, String... words) {
        var allowed = List.of(words);
        return new ConfigKey<>(name, List.of(), words[0], "one of " + String.join(", ", words), text -> {
            var word = text.strip().toUpperCase(Locale.ROOT);
            if (!allowed.contains(word)) {
                throw new IllegalArgumentException(text);
            }
            return word;
        });
    }

    private static ConfigKey<List<String>> schemes(String name) {
        return new ConfigKey<>(
                name,
                List.of(),
                List.of("https"),
                "schemes separated by ;",
                text -> Arrays.stream(text.toLowerCase(Locale.ROOT).split("[;,]"))
                        .map(String::strip)
                        .filter(scheme -> !scheme.isEmpty())
                        .toList());
    }
}
