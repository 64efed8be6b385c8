package io.drey.spi.resource.crd;

import io.drey.spi.resource.FlinkBlueGreenDeployment;
import io.drey.spi.resource.FlinkBlueGreenDeploymentSpec;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkDeploymentTemplateSpec;
import io.drey.spi.resource.FlinkSessionJobSpec;
import io.drey.spi.resource.FlinkStateSnapshot;
import io.drey.spi.resource.FlinkStateSnapshotSpec;
import io.drey.spi.resource.JobManagerSpec;
import io.drey.spi.resource.TaskManagerSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the API server itself refuses, with no webhook running: only what no operator has ever carried out, and never a
 * change, since an edit that is refused in the loop leaves the deployed spec in force. What the user reads names the
 * field, what was found, what is allowed and the mend. For a rule on a field the API server tells the first two by itself.
 *
 * <p>No field of a FlinkDeployment or FlinkSessionJob is required here: a canary has none of them, and rules cannot see the label
 * that makes it one.
 */
final class CrdRules {
    private static final String NAME = "^[a-z]([-a-z0-9]{0,43}[a-z0-9])?$";
    private static final String NAME_FORM =
            "must be lower-case letters, digits and '-', start with a letter and end with"
                    + " a letter or digit, and have at most 45 characters";

    /**
     * @param on the record that the rule is about
     * @param field the component that is {@code self} in {@code rule}; empty for the record itself
     * @param rule holds for what is right
     * @param message the text, or if it has quotes a CEL expression of it
     * @param missing the component that is not there, if that is what is wrong
     */
    record Rule(Class<?> on, String field, String rule, String message, String missing) {
        Rule(Class<?> on, String field, String rule, String message) {
            this(on, field, rule, message, "");
        }

        Map<String, Object> schema() {
            var schema = new LinkedHashMap<String, Object>();
            schema.put("rule", rule);
            if (message.contains("\"")) {
                schema.put("messageExpression", message);
            } else {
                schema.put("message", message);
            }
            if (!missing.isEmpty()) {
                schema.put("reason", "FieldValueRequired");
                schema.put("fieldPath", "." + missing);
            }
            return schema;
        }
    }

    static final List<Rule> ALL = List.of(
            new Rule(
                    FlinkDeployment.class,
                    "",
                    "self.metadata.name.matches('" + NAME + "')",
                    "\"metadata.name: found '\" + self.metadata.name + \"', " + NAME_FORM
                            + ", since Flink names its objects after it: choose another name\""),
            new Rule(
                    FlinkDeploymentSpec.class,
                    "flinkVersion",
                    "!(self in ['v1_13', 'v1_14'])",
                    "must be v1_15 or newer: take an image with a newer Flink"),
            required(
                    FlinkDeploymentSpec.class,
                    "ingress.template",
                    "!has(self.ingress) || ",
                    "host and path, for example {{name}}.{{namespace}}.example.com"),
            new Rule(
                    FlinkDeploymentSpec.class,
                    "logConfiguration",
                    "self.all(key, key in ['log4j-console.properties', 'logback-console.xml'])",
                    "keys must be log4j-console.properties or logback-console.xml: rename or remove the others"),
            new Rule(
                    JobManagerSpec.class,
                    "replicas",
                    "self >= 1",
                    "must be 1, or more with high availability: to stop a job set job.state to suspended"),
            new Rule(
                    TaskManagerSpec.class,
                    "replicas",
                    "self >= 1",
                    "must be 1 or more: leave it out to have as many as the job needs; to stop a job set job.state to"
                            + " suspended"),
            new Rule(
                    FlinkSessionJobSpec.class,
                    "deploymentName",
                    "self.matches('" + NAME + "')",
                    NAME_FORM + ", as the name of any FlinkDeployment"),
            required(FlinkStateSnapshot.class, "spec", "", "jobReference and one of savepoint and checkpoint"),
            new Rule(
                    FlinkStateSnapshotSpec.class,
                    "",
                    "has(self.savepoint) != has(self.checkpoint)",
                    "has(self.savepoint) ? \"found both savepoint and checkpoint, must be one: remove the other\" : \"found"
                            + " neither savepoint nor checkpoint, must be one: add 'savepoint: {}' or 'checkpoint: {}'\""),
            required(
                    FlinkStateSnapshotSpec.class,
                    "jobReference",
                    "(has(self.savepoint) && has(self.savepoint.alreadyExists) && self.savepoint.alreadyExists) || ",
                    "kind and name of the FlinkDeployment or FlinkSessionJob, unless savepoint.alreadyExists is true"),
            new Rule(
                    FlinkBlueGreenDeployment.class,
                    "",
                    "self.metadata.name.matches('^[a-z][-a-z0-9]{0,39}$')",
                    "\"metadata.name: found '\" + self.metadata.name + \"', must be lower-case letters, digits and '-',"
                            + " start with a letter, and have at most 40 characters, since '-blue' and '-green' are"
                            + " added for the children: choose another name\""),
            required(FlinkBlueGreenDeployment.class, "spec", "", "at least template"),
            required(
                    FlinkBlueGreenDeploymentSpec.class, "template", "", "template.spec, the spec of a FlinkDeployment"),
            required(FlinkDeploymentTemplateSpec.class, "spec", "", "the spec of a FlinkDeployment"));

    private static Rule required(Class<?> on, String field, String unless, String mend) {
        return new Rule(on, "", unless + "has(self." + field + ")", field + " must be set: " + mend, field);
    }

    private CrdRules() {}
}
