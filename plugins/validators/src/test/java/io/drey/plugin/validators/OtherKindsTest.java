package io.drey.plugin.validators;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.drey.spi.AdmissionRule;
import io.drey.spi.AdmissionRule.AdmissionRequest;
import io.drey.spi.AdmissionRule.Effect;
import io.drey.spi.AdmissionRule.Related;
import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.CustomResource;
import io.drey.spi.resource.ResourceMapper;
import io.drey.testkit.FeatureSets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules for session jobs, snapshots and blue/green deployments, and those of the autoscaler, as the plugin lists them. */
class OtherKindsTest {
    private static final ResourceMapper RESOURCES = new ResourceMapper();
    private static final YAMLMapper YAML = new YAMLMapper();

    private static final String APPLICATION = """
            flinkVersion: v2_3, serviceAccount: flink, jobManager: {resource: {memory: 1g}},
            taskManager: {resource: {memory: 1g}}, job: {jarURI: 'local:///job.jar', parallelism: 1}""";
    private static final CustomResource SESSION = resource("FlinkDeployment", "session", "{flinkVersion: v2_3}");
    private static final CustomResource OTHER = resource("FlinkDeployment", "app", "{" + APPLICATION + "}");

    private final List<AdmissionRule> rules = new FeatureSets()
            .plugin(new ValidatorsPlugin(), Clock.systemUTC())
            .build()
            .admissionRules();

    private static CustomResource resource(String kind, String name, String spec) {
        return resource(kind, name, spec, "{}");
    }

    private static CustomResource resource(String kind, String name, String spec, String status) {
        try {
            return RESOURCES.read(YAML.readTree("{apiVersion: flink.apache.org/v1beta1, kind: " + kind
                    + ", metadata: {namespace: flink, name: " + name + "}, spec: " + spec + ", status: " + status
                    + "}"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Related there(CustomResource... resources) {
        return ref -> List.of(resources).stream()
                .filter(resource -> resource.ref().equals(ref))
                .findFirst();
    }

    private List<Violation> violations(AdmissionRequest request) {
        return rules.stream().flatMap(rule -> rule.check(request).stream()).toList();
    }

    private List<String> fields(AdmissionRequest request) {
        return violations(request).stream().map(Violation::field).toList();
    }

    @Nested
    class SessionJobs {
        private static final String JOB = "job: {jarURI: 'https://example.com/job.jar', parallelism: 1}";

        private AdmissionRequest request(String spec, Map<String, String> platform) {
            return new AdmissionRequest(
                    resource("FlinkSessionJob", "job", "{" + spec + "}"),
                    Optional.empty(),
                    FlinkConfig.EMPTY,
                    new FlinkConfig(platform),
                    Optional.of(there(SESSION, OTHER)));
        }

        private List<String> fields(String spec) {
            return OtherKindsTest.this.fields(request(spec, Map.of()));
        }

        private List<Violation> jar(String uri, Map<String, String> platform) {
            return violations(
                    request("deploymentName: session, job: {parallelism: 1, jarURI: '" + uri + "'}", platform));
        }

        @Test
        void theSmallestPasses() {
            assertThat(fields("deploymentName: session, " + JOB)).isEmpty();
            assertThat(fields("deploymentName: session, job: {parallelism: 1}"))
                    .as("without a jar")
                    .isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"Upper", "1digit", "ends-", "''"})
        void theNameOfTheClusterIsChecked(String name) {
            assertThat(fields("deploymentName: " + name + ", " + JOB)).containsExactly("spec.deploymentName");
        }

        @Test
        void theClusterAndTheJobAreThere() {
            assertThat(fields(JOB)).containsExactly("spec.deploymentName");
            assertThat(fields("deploymentName: session")).containsExactly("spec.job");
        }

        @Test
        void aClusterThatIsNotThereYetIsNoViolation() {
            assertThat(fields("deploymentName: later, " + JOB)).isEmpty();
        }

        @Test
        @Tag("S318")
        void s318AJobThatWasDeployedStaysWhereItIs() {
            var before = resource("FlinkSessionJob", "job", "{deploymentName: session, " + JOB + "}");
            var after = resource("FlinkSessionJob", "job", "{deploymentName: other, " + JOB + "}");
            assertThat(violations(new AdmissionRequest(after, Optional.of(before), FlinkConfig.EMPTY)))
                    .extracting(Violation::text)
                    .containsExactly(
                            "spec.deploymentName: Found 'other', and a job that was deployed stays on 'session'."
                                    + " Undo the change, or create another FlinkSessionJob for the other cluster");
            assertThat(violations(new AdmissionRequest(before, Optional.of(before), FlinkConfig.EMPTY)))
                    .isEmpty();
        }

        @Test
        @Tag("S318")
        void s318AnApplicationTakesNoSessionJobs() {
            assertThat(violations(request("deploymentName: app, " + JOB, Map.of())))
                    .singleElement()
                    .satisfies(violation -> {
                        assertThat(violation.field()).isEqualTo("spec.deploymentName");
                        assertThat(violation.message()).contains("'app'", "application cluster");
                    });
        }

        @Test
        void theVersionIsThatOfTheCluster() {
            var old = resource("FlinkDeployment", "session", "{flinkVersion: v1_14}");
            var job = resource("FlinkSessionJob", "job", "{deploymentName: session, " + JOB + "}");
            var request = new AdmissionRequest(
                    job, Optional.empty(), FlinkConfig.EMPTY, FlinkConfig.EMPTY, Optional.of(there(old)));
            assertThat(violations(request)).singleElement().satisfies(violation -> {
                assertThat(violation.effect()).isEqualTo(Effect.LEAVE_ALONE);
                assertThat(violation.reason()).isEqualTo("UnsupportedFlinkVersion");
                assertThat(violation.message()).contains("v1_14");
            });
        }

        @ParameterizedTest
        @CsvSource({
            "https://example.com/job.jar, ''",
            "HTTPS://example.com/job.jar, ''",
            "https://minio/job.jar, ''",
            "https://10.example.com/job.jar, ''",
            "https://1.1.1.1/job.jar, ''",
            "'https://exa mple.com/x', is no URI",
            "/opt/job.jar, has no scheme; allowed are https",
            "file:///job.jar, has the scheme file; allowed are https",
            "http://example.com/job.jar, has the scheme http; allowed are https",
            "https:///job.jar, has no host",
            "https://localhost/job.jar, a loopback address",
            "https://a.LocalHost./job.jar, a loopback address",
            "https://127.0.0.1/job.jar, a loopback address",
            "https://[::1]/job.jar, a loopback address",
            "https://[::ffff:127.0.0.1]/job.jar, a loopback address",
            "https://169.254.169.254/latest, a link-local address",
            "https://[fe80::1]/job.jar, a link-local address",
            "https://10.0.0.1/job.jar, a site-local address",
            "https://192.168.1.1:8443/job.jar, a site-local address",
            "https://0.0.0.0/job.jar, the wildcard address",
            "https://224.0.0.1/job.jar, a multicast address",
        })
        @Tag("S317")
        void s317WhereTheJarMayComeFrom(String uri, String wrong) {
            assertThat(jar(uri, Map.of()))
                    .extracting(violation -> violation.field() + " " + violation.message())
                    .allMatch(text -> text.startsWith("spec.job.jarURI") && text.contains(wrong))
                    .hasSize(wrong.isEmpty() ? 0 : 1);
        }

        /** Notations that resolvers take for addresses: no jar needs them. */
        @ParameterizedTest
        @ValueSource(strings = {"127.1", "2130706433", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "1.2.3.999"})
        @Tag("S317")
        void s317AddressesInOtherNotations(String host) {
            assertThat(jar("https://" + host + "/job.jar", Map.of()))
                    .extracting(Violation::field)
                    .containsExactly("spec.job.jarURI");
        }

        @Test
        @Tag("S317")
        void s317TheOperatorMayAllowMoreButTheJobMayNot() {
            var schemes = "kubernetes.operator.user.artifacts.allowed-schemes";
            var hosts = "kubernetes.operator.user.artifacts.disallow-restricted-hosts";
            assertThat(jar("s3://bucket/job.jar", Map.of(schemes, "https;S3"))).isEmpty();
            assertThat(jar("http://localhost/job.jar", Map.of(schemes, "http", hosts, "false")))
                    .isEmpty();
            var own = new AdmissionRequest(
                    resource(
                            "FlinkSessionJob",
                            "job",
                            "{deploymentName: session, job: {parallelism: 1, jarURI: 's3://b/j.jar'}}"),
                    Optional.empty(),
                    new FlinkConfig(Map.of(schemes, "s3")));
            assertThat(OtherKindsTest.this.fields(own)).containsExactly("spec.job.jarURI");
        }

        @Test
        void aPasswordInTheUriIsNotTold() {
            assertThat(jar("http://me:hunter2@example.com/job.jar?token=hunter3", Map.of()))
                    .singleElement()
                    .extracting(Violation::text)
                    .asString()
                    .contains("example.com/job.jar")
                    .doesNotContain("hunter");
        }

        @Test
        void rulesOfJobsHoldOnceTheClusterIsKnown() {
            var bad = "job: {jarURI: 'https://example.com/a.jar', parallelism: 0, upgradeMode: last-state}";
            assertThat(fields("deploymentName: session, " + bad))
                    .containsExactly("spec.job.upgradeMode", "spec.job.parallelism");
            assertThat(fields("deploymentName: later, " + bad)).isEmpty();
        }
    }

    @Nested
    class SnapshotsOfState {
        private static final String OF_JOB = "jobReference: {kind: FlinkDeployment, name: app}";

        private List<String> fields(String spec, String status) {
            return OtherKindsTest.this.fields(new AdmissionRequest(
                    resource("FlinkStateSnapshot", "snapshot", "{" + spec + "}", status),
                    Optional.empty(),
                    FlinkConfig.EMPTY,
                    FlinkConfig.EMPTY,
                    Optional.of(there(OTHER))));
        }

        private List<String> fields(String spec) {
            return fields(spec, "{}");
        }

        @ParameterizedTest
        @CsvSource({
            "'savepoint: {}, " + OF_JOB + "', ''",
            "'checkpoint: {}, " + OF_JOB + "', ''",
            "'" + OF_JOB + "', spec",
            "'savepoint: {}, checkpoint: {}, " + OF_JOB + "', spec",
            "'savepoint: {}', spec.jobReference",
            "'savepoint: {}, jobReference: {name: app}', spec.jobReference.kind",
            "'savepoint: {}, jobReference: {kind: Deployment, name: app}', spec.jobReference.kind",
            "'savepoint: {}, jobReference: {kind: FlinkDeployment}', spec.jobReference.name",
            "'savepoint: {alreadyExists: true, path: s3://s/1}', ''",
            "'savepoint: {alreadyExists: true, path: s3://s/1}, checkpoint: {}', spec",
        })
        @Tag("S283")
        void s283ExactlyOneKindAndAJob(String spec, String field) {
            assertThat(fields(spec)).isEqualTo(field.isEmpty() ? List.of() : List.of(field));
        }

        @Test
        @Tag("S254")
        void s254TheJobIsThereUntilTheSnapshotWasAskedFor() {
            var missing = "savepoint: {}, jobReference: {kind: FlinkSessionJob, name: app}";
            assertThat(fields(missing)).containsExactly("spec.jobReference");
            assertThat(fields(missing, "{state: TRIGGER_PENDING}")).containsExactly("spec.jobReference");
            assertThat(fields(missing, "{state: IN_PROGRESS}")).isEmpty();
            assertThat(fields(missing, "{state: COMPLETED}")).isEmpty();
        }

        @Test
        void whoCannotLookDoesNotSayThatAJobIsMissing() {
            var snapshot = resource("FlinkStateSnapshot", "snapshot", "{savepoint: {}, " + OF_JOB + "}");
            assertThat(violations(new AdmissionRequest(snapshot, Optional.empty(), FlinkConfig.EMPTY)))
                    .isEmpty();
        }
    }

    @Nested
    class Pairs {
        private AdmissionRequest request(String name, String spec, Optional<CustomResource> deployed) {
            return new AdmissionRequest(
                    resource("FlinkBlueGreenDeployment", name, "{" + spec + "}"), deployed, FlinkConfig.EMPTY);
        }

        private List<String> fields(String spec) {
            return OtherKindsTest.this.fields(request("pair", spec, Optional.empty()));
        }

        private static String template(String spec) {
            return "template: {spec: {" + spec + "}}";
        }

        @Test
        void aGoodTemplatePasses() {
            assertThat(fields(template(APPLICATION))).isEmpty();
        }

        @Test
        void thereIsATemplateWithAJob() {
            assertThat(fields("configuration: {}")).containsExactly("spec.template.spec");
            assertThat(fields("template: {}")).containsExactly("spec.template.spec");
            assertThat(fields(template(APPLICATION.substring(0, APPLICATION.indexOf(", job:")))))
                    .containsExactly("spec.template.spec.job");
        }

        @Test
        void whatIsWrongWithTheTemplateIsToldAsTheUserWroteIt() {
            assertThat(violations(request(
                            "pair", template(APPLICATION.replace("serviceAccount: flink, ", "")), Optional.empty())))
                    .singleElement()
                    .extracting(Violation::field)
                    .isEqualTo("spec.template.spec.serviceAccount");
            assertThat(violations(request(
                            "pair",
                            template(APPLICATION.replace("parallelism: 1", "parallelism: 1, upgradeMode: last-state")),
                            Optional.empty())))
                    .singleElement()
                    .extracting(Violation::text)
                    .isEqualTo(
                            "spec.template.spec.job.upgradeMode: Found last-state without a checkpoint directory, and"
                                    + " it needs one. Set state.checkpoints.dir in spec.template.spec.flinkConfiguration, or"
                                    + " spec.template.spec.job.upgradeMode to stateless");
        }

        @Test
        void aValueThatCannotBeReadIsNamedInTheTemplate() {
            var key = "kubernetes.operator.deployment.rollback.enabled";
            var pair = resource("FlinkBlueGreenDeployment", "pair", "{" + template(APPLICATION) + "}");
            assertThat(OtherKindsTest.this.fields(
                            new AdmissionRequest(pair, Optional.empty(), new FlinkConfig(Map.of(key, "maybe")))))
                    .containsExactly("spec.template.spec.flinkConfiguration." + key);
        }

        @Test
        void bothChildrenHaveRoomForTheirNames() {
            var longest = "a".repeat(45 - "-green".length());
            assertThat(OtherKindsTest.this.fields(request(longest, template(APPLICATION), Optional.empty())))
                    .isEmpty();
            assertThat(OtherKindsTest.this.fields(request(longest + "a", template(APPLICATION), Optional.empty())))
                    .containsExactly("metadata.name");
        }

        @Test
        void theModeMayChangeSinceTheOtherChildIsANewCluster() {
            var before = resource("FlinkBlueGreenDeployment", "pair", "{" + template(APPLICATION) + "}");
            assertThat(OtherKindsTest.this.fields(
                            request("pair", template("mode: standalone, " + APPLICATION), Optional.of(before))))
                    .isEmpty();
        }

        @Test
        void aRedeploymentNeedsItsSavepoint() {
            var before = resource("FlinkBlueGreenDeployment", "pair", "{" + template(APPLICATION) + "}");
            var nonce = template(APPLICATION.replace("parallelism: 1", "parallelism: 1, savepointRedeployNonce: 2"));
            assertThat(OtherKindsTest.this.fields(request("pair", nonce, Optional.of(before))))
                    .containsExactly("spec.template.spec.job.initialSavepointPath");
        }

        @Test
        void settingsAndIngressOfThePairItself() {
            assertThat(fields("configuration: {kubernetes.operator.bluegreen.abort.grace-period: soon}, "
                            + template(APPLICATION)))
                    .containsExactly("spec.configuration.kubernetes.operator.bluegreen.abort.grace-period");
            assertThat(fields("configuration: {kubernetes.operator.bluegreen.abort.grace-period: 5 min}, "
                            + template(APPLICATION)))
                    .isEmpty();
            assertThat(fields("ingress: {}, " + template(APPLICATION))).containsExactly("spec.ingress.template");
        }
    }

    /** For applications, session jobs and templates alike. */
    @Nested
    @Tag("S406")
    class Autoscaler {
        private static final String ON = "job.autoscaler.enabled";

        private List<Violation> violations(Map<String, String> config) {
            return OtherKindsTest.this.violations(
                    new AdmissionRequest(OTHER, Optional.empty(), new FlinkConfig(config)));
        }

        @ParameterizedTest
        @CsvSource({
            "scale-down.max-factor, -0.1, 0.6",
            "scale-up.max-factor, -1, 100000",
            "utilization.target, 1.1, 0.7",
            "target.utilization.boundary, -0.1, 0.3",
            "utilization.max, 0.6, 0.8",
            "utilization.max, 1.1, 1.0",
            "utilization.min, 0.8, 0.4",
            "memory.gc-pressure.threshold, 1.5, 1",
            "memory.heap-usage.threshold, -1, 0.9",
            "utilization.target, much, 0.5",
            "utilization.target, NaN, 0.5",
            "metrics.window, 10 s, 2 min",
            "metrics.window, soon, 60 s",
        })
        @Tag("S406")
        void numbersLieInTheirRanges(String key, String bad, String good) {
            var name = "job.autoscaler." + key;
            assertThat(violations(Map.of(ON, "true", name, bad)))
                    .extracting(Violation::field)
                    .containsExactly("spec.flinkConfiguration." + name);
            assertThat(violations(Map.of(ON, "true", name, good))).isEmpty();
            assertThat(violations(Map.of(name, bad))).as("autoscaler off").isEmpty();
        }

        @ParameterizedTest
        @CsvSource({
            "observed-scalability.enabled, observed-scalability.coefficient-min, 0",
            "scaling.effectiveness.detection.enabled, scaling.effectiveness.threshold, 2",
            "memory.tuning.enabled, memory.tuning.overhead, -1",
        })
        void numbersOfAFeatureCountWhenItIsOn(String feature, String key, String bad) {
            var name = "job.autoscaler." + key;
            assertThat(violations(Map.of(ON, "true", name, bad))).isEmpty();
            assertThat(violations(Map.of(ON, "true", name, bad, "job.autoscaler." + feature, "true")))
                    .extracting(Violation::field)
                    .containsExactly("spec.flinkConfiguration." + name);
        }

        @Test
        void olderNamesAreReadToo() {
            assertThat(violations(Map.of(
                            "kubernetes.operator.job.autoscaler.enabled", "true",
                            "job.autoscaler.target.utilization", "7")))
                    .extracting(Violation::field)
                    .containsExactly("spec.flinkConfiguration.job.autoscaler.utilization.target");
        }

        @ParameterizedTest
        @CsvSource({
            "9:30-11:30, true",
            "09:30-11:30;23:00-23:59, true",
            "* * 9-11 * * ?, true",
            "0 0/15 9-11 ? * MON-FRI, true",
            "0 0 12 L-3W * ? 2030, true",
            "9:30-11:30 && * * * ? * 2-6, true",
            "* * * ? * 6#3 && 9:30-11:30, true",
            "11:30-9:30, false",
            "9:30-25:00, false",
            "sometimes, false",
            "* * 9-11 * * *, false",
            "* * 9-11 ? * ?, false",
            "* * 24 * * ?, false",
            "* * * * 13 ?, false",
            "* * * * JANUARY ?, false",
            "0 0/0 * * * ?, false",
            "9:30-11:30 && 12:00-13:00, false",
            "* * * ? * 2 && * * * ? * 3, false",
            "9:30-11:30 && * * * ? * 2 && * * * ? * 3, false",
        })
        @Tag("S406")
        void excludedPeriods(String periods, boolean good) {
            assertThat(violations(Map.of(ON, "true", "job.autoscaler.excluded.periods", periods)))
                    .extracting(Violation::field)
                    .isEqualTo(good ? List.of() : List.of("spec.flinkConfiguration.job.autoscaler.excluded.periods"));
        }

        @Test
        @Tag("S406")
        void sessionJobsAndTemplatesAreCheckedToo() {
            var config = new FlinkConfig(Map.of(ON, "true", "job.autoscaler.utilization.target", "7"));
            var job = resource(
                    "FlinkSessionJob",
                    "job",
                    "{deploymentName: session, job: {parallelism: 1, jarURI: 'https://example.com/j.jar'}}");
            assertThat(OtherKindsTest.this.fields(new AdmissionRequest(
                            job, Optional.empty(), config, FlinkConfig.EMPTY, Optional.of(there(SESSION)))))
                    .containsExactly("spec.flinkConfiguration.job.autoscaler.utilization.target");
            var pair = resource("FlinkBlueGreenDeployment", "pair", "{template: {spec: {" + APPLICATION + "}}}");
            assertThat(OtherKindsTest.this.fields(new AdmissionRequest(pair, Optional.empty(), config)))
                    .containsExactly("spec.template.spec.flinkConfiguration.job.autoscaler.utilization.target");
        }
    }
}
