package io.drey.e2e;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Values files such as users write: some of the values, each one of several that are plausible for it. */
final class PlausibleValues {
    /** Namespaces that YAML takes for something else when nobody quotes them. */
    static final List<String> NAMESPACES = List.of("ops", "team-a", "123", "1e3", "true", "null", "0x1f");

    private static final double CHOSEN = 0.35;

    private static final Map<String, List<String>> BY_PATH = Map.ofEntries(
            entry("compatibility/apacheNames", List.of("true", "false")),
            entry("watchNamespaces", List.of("[]", "[ops]", "[team-a, ops]", "['123', '1e3', 'true', 'null', '0x1f']")),
            entry("image/tag", List.of("'1.20'", "latest", "''", "null")),
            entry("image/digest", List.of("''", "'sha256:" + "0".repeat(64) + "'")),
            entry("image/repository", List.of("drey-operator", "'registry.example.com:5000/team/drey-operator'")),
            entry("image/pullPolicy", List.of("Always", "Never")),
            entry("imagePullSecrets", List.of("[]", "[{name: registry}, {name: '123'}]")),
            entry("replicas", List.of("0", "1")),
            entry(
                    "strategy",
                    List.of(
                            "{type: Recreate}",
                            "{type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 25%}}")),
            entry("rbac/create", List.of("true", "false")),
            entry("rbac/nodesRule/create", List.of("true", "false")),
            entry(
                    "rbac/operatorRole",
                    List.of("{create: false}", "{name: 'true'}", "{create: false, name: 'system:admin'}")),
            entry("rbac/operatorRoleBinding", List.of("{name: '1e3'}", "{create: false}")),
            entry("rbac/jobRole", List.of("{name: 'off'}", "{create: false, name: edit}")),
            entry("operatorPod/priorityClassName", List.of("null", "high", "'007'")),
            entry(
                    "operatorPod/annotations",
                    List.of("{owner: 42, on: true, prometheus.io/scrape: 'true', ratio: 1.5}")),
            entry(
                    "operatorPod/labels",
                    List.of("{cost: 4711, build: 1234567890, production: true}", "{a: null, version: '1.20'}")),
            entry(
                    "operatorPod/env",
                    List.of(
                            "[]",
                            "[{name: PORT, value: 8080}, {name: DEBUG, value: true}, {name: EMPTY}, {name: HEX, value: '0x1f'}]",
                            "[{name: LOG_FORMAT, value: json}, {name: JVM_ARGS, value: -Xmx1g}]",
                            "[{name: OPERATOR_NAME, value: other}, {name: KEY, valueFrom: {secretKeyRef: {name: s, key: k, optional: true}}}]")),
            entry("operatorPod/envFrom", List.of("[]", "[{configMapRef: {name: proxy, optional: true}}]")),
            entry("operatorPod/dnsPolicy", List.of("''", "ClusterFirst")),
            entry("operatorPod/dnsConfig", List.of("{nameservers: [10.0.0.10], options: [{name: ndots, value: 2}]}")),
            entry("operatorPod/nodeSelector", List.of("{zone: 1, gpu: false}", "{kubernetes.io/os: linux}")),
            entry(
                    "operatorPod/affinity",
                    List.of("{nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, preference:"
                            + " {matchExpressions: [{key: zone, operator: In, values: [1, 2]}]}}]}}")),
            entry(
                    "operatorPod/tolerations",
                    List.of(
                            "[{key: dedicated, value: true, operator: Equal, tolerationSeconds: 30, effect: NoExecute}]")),
            entry(
                    "operatorPod/topologySpreadConstraints",
                    List.of(
                            "[{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {tier: 1}}}]")),
            entry(
                    "operatorPod/resources",
                    List.of("{}", "{requests: {cpu: 500m, memory: 1Gi}, limits: {memory: 2Gi}}")),
            entry(
                    "operatorPod/initContainers",
                    List.of(
                            "[{name: wait, image: busybox, env: [{name: N, value: 3}], securityContext: {runAsUser: 1000650000}}]")),
            entry(
                    "operatorPod/sidecarContainers",
                    List.of(
                            "[{name: logs, image: fluent-bit, ports: [{containerPort: 2020}], env: [{name: ON, value: yes}]}]")),
            entry("operatorPod/webhook", List.of("{resources: {}, container: {env: []}}")),
            entry(
                    "operatorServiceAccount",
                    List.of("{name: '42'}", "{annotations: {role: 123456789012}}", "{create: false}")),
            entry(
                    "jobServiceAccount",
                    List.of(
                            "{name: 'null'}",
                            "{annotations: {helm.sh/resource-policy: keep, n: 1}}",
                            "{create: false}")),
            entry(
                    "operatorVolumes",
                    List.of(
                            "{create: true}",
                            "{create: true, data: []}",
                            "{create: true, data: [{name: data, emptyDir: {sizeLimit: 1Gi}}]}")),
            entry(
                    "operatorVolumeMounts",
                    List.of(
                            "{create: true}",
                            "{create: true, data: []}",
                            "{create: true, data: [{name: tmp, mountPath: /cache}]}",
                            "{create: true, data: [{name: tmp, mountPath: /tmp, subPath: t}]}")),
            entry(
                    "plugins/volume",
                    List.of("{}", "{persistentVolumeClaim: {claimName: p}}", "{configMap: {name: '1'}}")),
            entry("plugins/volumes", List.of("{team-a: {emptyDir: {}}, '7': {configMap: {name: p}}}")),
            entry(
                    "plugins/initContainers",
                    List.of("[]", "[{name: fetch, image: 'r/p:1', env: [{name: N, value: 1}]}]")),
            entry("plugins/required", List.of("[native, upgrades]", "[]")),
            entry(
                    "plugins/integrity",
                    List.of("{mode: off}", "{mode: warn, allowedSha256: ['" + "0".repeat(64) + "']}")),
            entry("tenants/namespaceLabels", List.of("true", "false")),
            entry("podSecurityContext", List.of("null", "{runAsUser: 1000650000, fsGroup: 1000650000}")),
            entry("operatorSecurityContext", List.of("null", "{readOnlyRootFilesystem: false}")),
            entry("defaultConfiguration/create", List.of("true", "true", "true", "false")),
            entry("defaultConfiguration/append", List.of("true", "false")),
            entry(
                    "defaultConfiguration",
                    List.of(
                            "{config.yaml: 'taskmanager.numberOfTaskSlots: 2'}",
                            "{config.yaml: '{}'}",
                            "{config.yaml: '{taskmanager.numberOfTaskSlots: 2}'}",
                            "{config.yaml: \"---\\ntaskmanager: {numberOfTaskSlots: 2}\\n\"}",
                            "{config.yaml: \"  taskmanager:\\n    numberOfTaskSlots: 2\\n\"}",
                            "{config.yaml: \"# only a comment\\n\"}",
                            "{config.yaml: \"\\r\\ntaskmanager.numberOfTaskSlots: 2 # two\\r\\n\\r\\n\"}",
                            "{flink-conf.yaml: \"taskmanager.numberOfTaskSlots: 2\\n\"}",
                            "{flink-conf.yaml: \"\\n  taskmanager.numberOfTaskSlots: 2 # two\\n\\n\"}",
                            "{config.yaml: 'kubernetes: {operator: {health: {probe: {enabled: false}}}}'}")),
            entry("defaultConfiguration/log4j-console.properties", List.of("''", "\"  a = b\\nc = d\\n\"", "null")),
            entry(
                    "defaultConfiguration/logback-console.xml",
                    List.of("null", "\"  <configuration>\\n</configuration>\"")),
            entry("operatorHealth/port", List.of("9000", "80")),
            entry("operatorHealth/livenessProbe", List.of("null", "{periodSeconds: 5}", "{}")),
            entry("operatorHealth/startupProbe", List.of("null", "{timeoutSeconds: 5}")),
            entry("metrics/port", List.of("null", "9999")),
            entry("jvmArgs/operator", List.of("''", "'-Xmx1g -Dk=\"v: #1\"'")),
            entry("postStart", List.of("{}", "{exec: {command: [sleep, '1']}}")),
            entry("nameOverride", List.of("''", "'123'", "flink-kubernetes-operator")),
            entry("fullnameOverride", List.of("''", "'1e3'")),
            entry("webhook", List.of("{create: true, keystore: {useDefaultPassword: true}}", "null")),
            entry("logging/framework", List.of("log4j2", "logback")),
            entry("tls", List.of("{create: true, secretName: s, secretKeyRef: {name: n, key: k}}")));

    private PlausibleValues() {}

    /** A name for the release. */
    static String release(long seed) {
        return List.of("drey", "team-a", "123", "1e3").get((int) (seed % 4));
    }

    /** The namespace for the release. */
    static String namespace(long seed) {
        return NAMESPACES.get((int) (seed / 4 % NAMESPACES.size()));
    }

    /** Always the same for a seed. */
    static ObjectNode of(long seed) throws Exception {
        var random = new Random(seed);
        var values = Chart.YAML.createObjectNode();
        for (var path : BY_PATH.keySet().stream().sorted().toList()) {
            var plausible = BY_PATH.get(path);
            if (random.nextDouble() < CHOSEN) {
                put(values, path, Chart.YAML.readTree(plausible.get(random.nextInt(plausible.size()))));
            }
        }
        return values;
    }

    private static void put(ObjectNode values, String path, JsonNode value) {
        var steps = path.split("/");
        var at = values;
        for (var step : Arrays.asList(steps).subList(0, steps.length - 1)) {
            at = at.withObjectProperty(step);
        }
        var last = steps[steps.length - 1];
        if (value instanceof ObjectNode tree && at.get(last) instanceof ObjectNode there) {
            there.setAll(tree);
        } else {
            at.set(last, value);
        }
    }
}
