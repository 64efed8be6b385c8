package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.spi.SpecDiff;
import io.drey.spi.SpecDiff.Change;
import io.drey.spi.SpecDiff.Type;
import io.drey.spi.resource.DeploymentMode;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.ResourceMapper;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What an edit of a FlinkDeployment's spec calls for, field by field. Fields without a rule call for an upgrade. */
record SpecDiffs(ResourceMapper mapper) {
    private static final Set<String> IGNORED = Set.of(
            "job.savepointTriggerNonce",
            "job.checkpointTriggerNonce",
            "job.initialSavepointPath",
            "job.upgradeMode",
            "job.allowNonRestoredState",
            "job.autoscalerResetNonce");
    private static final Set<String> SCALING = Set.of("job.parallelism", "taskManager.replicas");
    private static final Set<String> NULL_IGNORED = Set.of("restartNonce", "job.savepointRedeployNonce");
    private static final Set<String> NESTED = Set.of("job", "taskManager");
    private static final List<String> IGNORED_KEYS =
            List.of("job.autoscaler", "parallelism.default", "kubernetes.operator");
    private static final String OVERRIDES = "pipeline.jobvertex-parallelism-overrides";
    private static final List<String> SECRET_WORDS = List.of(
            "password", "passwd", "secret", "token", "credential", "apikey", "api-key", "access-key", "access.key");
    private static final int MAX_TEXT = 200;

    /** How {@code to} differs from {@code from}. */
    SpecDiff between(FlinkDeploymentSpec from, FlinkDeploymentSpec to) {
        boolean standalone = to.mode().filter(DeploymentMode.STANDALONE::equals).isPresent();
        List<Change> changes = new ArrayList<>();
        fields("", mapper.write(from), mapper.write(to), standalone, changes);
        keys(from.flinkConfiguration().flatten(), to.flinkConfiguration().flatten(), standalone, changes);
        return new SpecDiff(changes);
    }

    private static void fields(String prefix, JsonNode from, JsonNode to, boolean standalone, List<Change> changes) {
        Set<String> names = new LinkedHashSet<>();
        from.fieldNames().forEachRemaining(names::add);
        to.fieldNames().forEachRemaining(names::add);
        for (var name : names) {
            var field = prefix + name;
            if (field.equals("flinkConfiguration")) {
                continue;
            }
            var before = from.path(name);
            var after = to.path(name);
            if (before.equals(after)) {
                continue;
            }
            if (NESTED.contains(field) && before.isObject() && after.isObject()) {
                fields(field + ".", before, after, standalone, changes);
            } else if (!(NULL_IGNORED.contains(field) && absent(after))) {
                changes.add(new Change(type(field, standalone), field, text(field, before), text(field, after)));
            }
        }
    }

    private static void keys(
            Map<String, String> from, Map<String, String> to, boolean standalone, List<Change> changes) {
        Set<String> keys = new TreeSet<>(from.keySet());
        keys.addAll(to.keySet());
        for (var key : keys) {
            var before = from.get(key);
            var after = to.get(key);
            if (java.util.Objects.equals(before, after)) {
                continue;
            }
            changes.add(new Change(
                    keyType(key, standalone),
                    "flinkConfiguration." + key,
                    redacted(key, String.valueOf(before)),
                    redacted(key, String.valueOf(after))));
        }
    }

    private static Type type(String field, boolean standalone) {
        if (IGNORED.contains(field)) {
            return Type.IGNORE;
        }
        if (SCALING.contains(field)) {
            return standalone ? Type.SCALE : Type.UPGRADE;
        }
        return field.equals("job.savepointRedeployNonce") ? Type.SAVEPOINT_REDEPLOY : Type.UPGRADE;
    }

    private static Type keyType(String key, boolean standalone) {
        if (IGNORED_KEYS.stream().anyMatch(key::startsWith)) {
            return Type.IGNORE;
        }
        if (key.startsWith(OVERRIDES)) {
            return standalone ? Type.UPGRADE : Type.SCALE;
        }
        return Type.UPGRADE;
    }

    private static boolean absent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static String text(String field, JsonNode node) {
        return absent(node) ? "null" : redacted(field, node.isValueNode() ? node.asText() : node.toString());
    }

    /** Pod templates may hold secrets in environment variables, so they are never shown. */
    private static String redacted(String name, String value) {
        var lower = name.toLowerCase(Locale.ROOT);
        if (SECRET_WORDS.stream().anyMatch(lower::contains) || lower.contains("env.") || lower.contains("args")) {
            return value.equals("null") ? value : "******";
        }
        if (lower.endsWith("podtemplate") || lower.equals("jobmanager")) {
            return value.equals("null") ? value : "{..}";
        }
        return value.length() <= MAX_TEXT ? value : value.substring(0, MAX_TEXT) + "..";
    }
}
