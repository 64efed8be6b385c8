package io.drey.spi.resource.crd;

import io.drey.spi.resource.FlinkBlueGreenDeployment;
import io.drey.spi.resource.FlinkBlueGreenDeploymentSpec;
import io.drey.spi.resource.FlinkDeployment;
import io.drey.spi.resource.FlinkDeploymentSpec;
import io.drey.spi.resource.FlinkDeploymentTemplateSpec;
import io.drey.spi.resource.FlinkSessionJob;
import io.drey.spi.resource.FlinkSessionJobSpec;
import io.drey.spi.resource.FlinkStateSnapshot;
import io.drey.spi.resource.FlinkStateSnapshotSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the API server itself refuses, with no webhook running: only what no operator has ever carried out, and never a
 * change, since an edit that is refused in the loop leaves the deployed spec in force. A message names the field, what was
 * found, what is allowed and the mend.
 */
final class CrdRules {
    private static final String NAME_FORM =
            "must be lower-case letters, digits and '-', start with a letter and end with"
                    + " a letter or digit, and have at most ";

    /**
     * @param on the record that the rule is attached to, {@code self} in {@code rule}
     * @param field the field that is wrong, below {@code on}; empty for the name, which is not below it
     * @param rule holds for what is right
     * @param message CEL expression of the text
     */
    record Rule(Class<?> on, String field, String rule, String message) {
        Map<String, Object> schema() {
            var schema = new LinkedHashMap<String, Object>();
            schema.put("rule", rule);
            schema.put("messageExpression", message);
            Optional.of(field).filter(text -> !text.isEmpty()).ifPresent(text -> schema.put("fieldPath", "." + text));
            return schema;
        }
    }

    static final List<Rule> ALL = List.of(
            new Rule(
                    FlinkDeployment.class,
                    "",
                    "self.metadata.name.matches('^[a-z]([-a-z0-9]{0,43}[a-z0-9])?$')",
                    "\"metadata.name: found '\" + self.metadata.name + \"', " + NAME_FORM
                            + "45 characters, since Flink names its objects after it: choose another name\""),
            required(
                    FlinkDeployment.class,
                    "spec",
                    "",
                    "at least spec.image, spec.flinkVersion and spec.serviceAccount"),
            required(
                    FlinkDeploymentSpec.class,
                    "flinkVersion",
                    "",
                    "the version of Flink in the image, for example v2_2"),
            new Rule(
                    FlinkDeploymentSpec.class,
                    "flinkVersion",
                    "!has(self.flinkVersion) || !(self.flinkVersion in ['v1_13', 'v1_14'])",
                    "\"flinkVersion: found \" + self.flinkVersion + \", which is not run any more: must be v1_15 or newer,"
                            + " of an image with that version\""),
            required(
                    FlinkDeploymentSpec.class,
                    "serviceAccount",
                    "",
                    "a service account that may manage the cluster's pods, for example flink"),
            new Rule(
                    FlinkDeploymentSpec.class,
                    "job.parallelism",
                    "!has(self.job) || !has(self.job.parallelism) || self.job.parallelism >= 0",
                    "\"job.parallelism: found \" + string(self.job.parallelism) + \", must be 1 or more\""),
            new Rule(
                    FlinkDeploymentSpec.class,
                    "jobManager.replicas",
                    "!has(self.jobManager) || !has(self.jobManager.replicas) || self.jobManager.replicas >= 1",
                    "\"jobManager.replicas: found \" + string(self.jobManager.replicas) + \", must be 1, or more with"
                            + " high availability: to stop a job set job.state to suspended\""),
            new Rule(
                    FlinkDeploymentSpec.class,
                    "taskManager.replicas",
                    "!has(self.taskManager) || !has(self.taskManager.replicas) || self.taskManager.replicas >= 1",
                    "\"taskManager.replicas: found \" + string(self.taskManager.replicas) + \", must be 1 or more:"
                            + " leave it out to have as many as the job needs; to stop a job set job.state to suspended\""),
            required(
                    FlinkDeploymentSpec.class,
                    "ingress.template",
                    "!has(self.ingress) || ",
                    "host and path, for example '{{name}}.{{namespace}}.example.com'"),
            new Rule(
                    FlinkDeploymentSpec.class,
                    "logConfiguration",
                    "!has(self.logConfiguration) || self.logConfiguration.all(key,"
                            + " key in ['log4j-console.properties', 'logback-console.xml'])",
                    "\"logConfiguration: found a key that Flink does not read, must be log4j-console.properties or"
                            + " logback-console.xml: rename the key\""),
            required(FlinkSessionJob.class, "spec", "", "at least spec.deploymentName and spec.job"),
            required(FlinkSessionJobSpec.class, "job", "", "at least job.jarURI"),
            new Rule(
                    FlinkSessionJobSpec.class,
                    "job.parallelism",
                    "!has(self.job) || !has(self.job.parallelism) || self.job.parallelism >= 0",
                    "\"job.parallelism: found \" + string(self.job.parallelism) + \", must be 1 or more\""),
            required(
                    FlinkSessionJobSpec.class,
                    "deploymentName",
                    "",
                    "the name of a FlinkDeployment without a job in this namespace"),
            new Rule(
                    FlinkSessionJobSpec.class,
                    "deploymentName",
                    "!has(self.deploymentName) || self.deploymentName.matches('^[a-z]([-a-z0-9]{0,43}[a-z0-9])?$')",
                    "\"deploymentName: found '\" + self.deploymentName + \"', which can be the name of no"
                            + " FlinkDeployment: " + NAME_FORM + "45 characters\""),
            required(
                    FlinkStateSnapshot.class,
                    "spec",
                    "",
                    "spec.jobReference and one of spec.savepoint and spec.checkpoint"),
            new Rule(
                    FlinkStateSnapshotSpec.class,
                    "",
                    "has(self.savepoint) != has(self.checkpoint)",
                    "\"spec: found \" + (has(self.savepoint) ? \"both savepoint and checkpoint\" : \"neither savepoint nor"
                            + " checkpoint\") + \", must be exactly one: for a checkpoint write 'checkpoint: {}'\""),
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
            required(FlinkBlueGreenDeployment.class, "spec", "", "at least spec.template"),
            required(
                    FlinkBlueGreenDeploymentSpec.class, "template", "", "template.spec, the spec of a FlinkDeployment"),
            required(FlinkDeploymentTemplateSpec.class, "spec", "", "the spec of a FlinkDeployment"));

    private static Rule required(Class<?> on, String field, String unless, String mend) {
        // A field that is missing cannot be pointed at: the path is that of the record, the text names the field.
        return new Rule(
                on, "", unless + "has(self." + field + ")", "\"" + field + ": is missing, must be set: " + mend + "\"");
    }

    private CrdRules() {}
}
