package io.drey.plugin.deployments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.spi.SpecDiff;
import io.drey.spi.SpecDiff.Change;
import io.drey.spi.SpecDiff.Type;
import io.drey.spi.resource.DeploymentMode;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.ResourceMapper;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an edit of a FlinkDeployment's spec calls for, field by field. Fields without a rule call for an upgrade; fields
 * that this version does not know are no change, since nothing here could carry them out.
 */
final class SpecDiffs {
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
    private static final String TEMPLATE = "podTemplate";

    private final ResourceMapper mapper;
    private final PodTemplateForm templates = new PodTemplateForm();

    SpecDiffs(ResourceMapper mapper) {
        this.mapper = mapper;
    }

    /** How {@code to} differs from {@code from}. */
    SpecDiff between(FlinkDeploymentSpec from, FlinkDeploymentSpec to) {
        boolean standalone = to.mode().filter(DeploymentMode.STANDALONE::equals).isPresent();
        List<Change> changes = new ArrayList<>();
        fields("", known(from), known(to), standalone, changes);
        keys(from.flinkConfiguration().flatten(), to.flinkConfiguration().flatten(), standalone, changes);
        return new SpecDiff(changes);
    }

    /** The fields that this version knows, but for the configuration. */
    private ObjectNode known(FlinkDeploymentSpec spec) {
        var known = mapper.write(spec);
        known.remove("flinkConfiguration");
        known.remove(spec.unknown().keySet());
        spec.job()
                .ifPresent(job -> known.withObject("/job").remove(job.unknown().keySet()));
        spec.jobManager()
                .ifPresent(jobManager -> known.withObject("/jobManager")
                        .remove(jobManager.unknown().keySet()));
        spec.taskManager()
                .ifPresent(taskManager -> known.withObject("/taskManager")
                        .remove(taskManager.unknown().keySet()));
        return known;
    }

    private void fields(String prefix, JsonNode from, JsonNode to, boolean standalone, List<Change> changes) {
        Set<String> names = new LinkedHashSet<>();
        from.fieldNames().forEachRemaining(names::add);
        to.fieldNames().forEachRemaining(names::add);
        for (var name : names) {
            var field = prefix + name;
            var before = from.path(name);
            var after = to.path(name);
            if (same(name, before, after)) {
                continue;
            }
            if (NESTED.contains(field) && before.isObject() && after.isObject()) {
                fields(field + ".", before, after, standalone, changes);
            } else if (!(NULL_IGNORED.contains(field) && absent(after))) {
                changes.add(new Change(type(field, standalone), field, text(field, before), text(field, after)));
            }
        }
    }

    private boolean same(String name, JsonNode before, JsonNode after) {
        if (before.equals(after) || absent(before) && absent(after)) {
            return true;
        }
        if (name.equals(TEMPLATE)) {
            return templates.same(before, after);
        }
        return name.equals("jobManager")
                && before.isObject()
                && after.isObject()
                && templates.same(before.path(TEMPLATE), after.path(TEMPLATE))
                && withoutTemplate(before).equals(withoutTemplate(after));
    }

    private static JsonNode withoutTemplate(JsonNode jobManager) {
        return ((ObjectNode) jobManager.deepCopy()).without(TEMPLATE);
    }

    private static void keys(
            Map<String, String> from, Map<String, String> to, boolean standalone, List<Change> changes) {
        Set<String> keys = new TreeSet<>(from.keySet());
        keys.addAll(to.keySet());
        for (var key : keys) {
            var before = from.get(key);
            var after = to.get(key);
            if (!Objects.equals(before, after)) {
                changes.add(new Change(
                        keyType(key, standalone),
                        "flinkConfiguration." + key,
                        before == null ? "null" : Redaction.config(key, before),
                        after == null ? "null" : Redaction.config(key, after)));
            }
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
        return absent(node) ? "null" : Redaction.field(field, node);
    }
}
