package io.drey.spi.resource.crd;

import io.drey.spi.resource.FlinkBlueGreenDeployment;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkSessionJob;
import io.drey.spi.resource.FlinkStateSnapshot;
import io.drey.spi.resource.ResourceType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One CustomResourceDefinition.
 *
 * @param resource record of the kind, with components {@code spec} and {@code status}
 * @param columns of {@code kubectl get}
 * @param scale whether it has the scale subresource
 */
record CrdFile(Class<?> resource, ResourceType type, List<Column> columns, boolean scale) {
    /** @param priority 0 for always, 1 for {@code -o wide} */
    record Column(String name, String type, String jsonPath, int priority) {
        static Column always(String name, String jsonPath) {
            return new Column(name, "string", jsonPath, 0);
        }

        static Column wide(String name, String jsonPath) {
            return new Column(name, "string", jsonPath, 1);
        }

        private Map<String, Object> document() {
            var document = new LinkedHashMap<String, Object>();
            document.put("name", name);
            document.put("type", type);
            document.put("jsonPath", jsonPath);
            document.put("priority", priority);
            return document;
        }
    }

    private static final Column READY = Column.wide("Ready", ".status.conditions[?(@.type==\"Ready\")].status");
    private static final Column REASON = Column.wide("Reason", ".status.conditions[?(@.type==\"Ready\")].reason");
    private static final Column OPERATION = Column.wide("Operation", ".status.operation.cause");
    private static final Column PHASE = Column.wide("Phase", ".status.operation.phase");
    private static final Column AGE = new Column("Age", "date", ".metadata.creationTimestamp", 1);

    static final List<CrdFile> ALL = List.of(
            new CrdFile(
                    FlinkDeployment.class,
                    FlinkDeployment.TYPE,
                    List.of(
                            Column.always("Job Status", ".status.jobStatus.state"),
                            Column.always("Lifecycle State", ".status.lifecycleState"),
                            READY,
                            REASON,
                            OPERATION,
                            PHASE,
                            Column.wide("Version", ".spec.flinkVersion"),
                            AGE),
                    true),
            new CrdFile(
                    FlinkSessionJob.class,
                    FlinkSessionJob.TYPE,
                    List.of(
                            Column.always("Job Status", ".status.jobStatus.state"),
                            Column.always("Lifecycle State", ".status.lifecycleState"),
                            READY,
                            REASON,
                            OPERATION,
                            PHASE,
                            Column.wide("Cluster", ".spec.deploymentName"),
                            AGE),
                    false),
            new CrdFile(
                    FlinkStateSnapshot.class,
                    FlinkStateSnapshot.TYPE,
                    List.of(
                            Column.always("Path", ".status.path"),
                            Column.always("Result Timestamp", ".status.resultTimestamp"),
                            Column.always("Snapshot State", ".status.state"),
                            Column.wide("Job", ".spec.jobReference.name"),
                            AGE),
                    false),
            new CrdFile(
                    FlinkBlueGreenDeployment.class,
                    FlinkBlueGreenDeployment.TYPE,
                    List.of(
                            Column.always("Job Status", ".status.jobStatus.state"),
                            Column.wide("State", ".status.blueGreenState"),
                            READY,
                            REASON,
                            AGE),
                    false));

    /** Name of the file in the chart. */
    String fileName() {
        return type.crdName() + "-v1.yml";
    }

    Map<String, Object> document(SourceDocs docs) {
        var names = new LinkedHashMap<String, Object>();
        names.put("kind", type.kind());
        names.put("listKind", type.kind() + "List");
        names.put("plural", type.plural());
        names.put("shortNames", type.shortNames());
        names.put("singular", type.kind().toLowerCase(Locale.ROOT));

        var version = new LinkedHashMap<String, Object>();
        version.put("name", type.version());
        version.put("served", true);
        version.put("storage", true);
        version.put(
                "additionalPrinterColumns",
                columns.stream().map(Column::document).toList());
        version.put("schema", Map.of("openAPIV3Schema", schema(docs)));
        version.put("subresources", subresources());

        var spec = new LinkedHashMap<String, Object>();
        spec.put("group", type.group());
        spec.put("names", names);
        spec.put("scope", "Namespaced");
        spec.put("versions", List.of(version));

        var document = new LinkedHashMap<String, Object>();
        document.put("apiVersion", "apiextensions.k8s.io/v1");
        document.put("kind", "CustomResourceDefinition");
        document.put("metadata", Map.of("name", type.crdName()));
        document.put("spec", spec);
        return document;
    }

    private Map<String, Object> schema(SourceDocs docs) {
        var schemas = new CrdSchema(docs);
        var properties = new LinkedHashMap<String, Object>();
        for (var component : resource.getRecordComponents()) {
            if (!component.getName().equals("metadata")) {
                properties.put(component.getName(), schemas.ofRecord(component.getType()));
            }
        }
        var schema = new LinkedHashMap<String, Object>();
        schema.put("description", docs.type(resource));
        schema.put("type", "object");
        schema.put("properties", properties);
        CrdSchema.rules(resource, "", schema);
        return schema;
    }

    private Map<String, Object> subresources() {
        var subresources = new LinkedHashMap<String, Object>();
        if (scale) {
            var paths = new LinkedHashMap<String, Object>();
            paths.put("specReplicasPath", ".spec.taskManager.replicas");
            paths.put("statusReplicasPath", ".status.taskManager.replicas");
            paths.put("labelSelectorPath", ".status.taskManager.labelSelector");
            subresources.put("scale", paths);
        }
        subresources.put("status", Map.of());
        return subresources;
    }
}
