package io.drey.plugin.nativek8s;

import java.util.Optional;
import org.apache.flink.kubernetes.configuration.KubernetesConfigOptions;
import org.apache.flink.kubernetes.kubeclient.decorators.HadoopConfMountDecorator;
import org.apache.flink.kubernetes.kubeclient.decorators.KubernetesStepDecorator;
import org.apache.flink.kubernetes.kubeclient.parameters.AbstractKubernetesParameters;

/** Hadoop's configuration from a ConfigMap that is there. Files of the operator's machine are none of a cluster's. */
final class HadoopFiles {
    private HadoopFiles() {}

    /** Mounts the ConfigMap; empty when the configuration names none. */
    static Optional<KubernetesStepDecorator> decorator(AbstractKubernetesParameters parameters) {
        return parameters
                                .getFlinkConfiguration()
                                .get(KubernetesConfigOptions.KUBERNETES_HADOOP_CONF_MOUNT_DECORATOR_ENABLED)
                        && parameters.getExistingHadoopConfigurationConfigMap().isPresent()
                ? Optional.of(new HadoopConfMountDecorator(parameters))
                : Optional.empty();
    }
}
