package io.drey.plugin.deployments;

/** Resources as users write them. */
final class Yaml {
    private Yaml() {}

    static String application(String image) {
        return application(image, "running", "");
    }

    /** @param job more fields of the job, one a line, indented by four */
    static String application(String image, String state, String job) {
        return session(image) + """
                  job:
                    jarURI: local:///opt/job.jar
                    parallelism: 3
                    state: %s
                """.formatted(state) + job.indent(4);
    }

    static String session(String image) {
        return """
                apiVersion: flink.apache.org/v1beta1
                kind: FlinkDeployment
                metadata: {namespace: tests, name: job}
                spec:
                  image: %s
                  flinkVersion: v2_3
                  serviceAccount: flink
                  flinkConfiguration: {taskmanager.numberOfTaskSlots: '2'}
                  jobManager: {resource: {memory: 1g, cpu: 1}}
                  taskManager: {resource: {memory: 1g, cpu: 1}}
                """.formatted(image);
    }
}
