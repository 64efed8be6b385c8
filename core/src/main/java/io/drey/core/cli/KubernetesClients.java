package io.drey.core.cli;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Clients of the API server, as the command line says where it is. */
public final class KubernetesClients {
    private KubernetesClients() {}

    /** The operator's. Default: the pod's service account, else KUBECONFIG. */
    public static KubernetesClient ofOperator(Optional<Path> kubeconfig) {
        return builder(kubeconfig.map(file -> read(null, file)).orElseGet(() -> new ConfigBuilder().build()))
                .build();
    }

    /**
     * One that cannot write. Default: what kubectl takes, KUBECONFIG, {@code ~/.kube/config}, or the pod's service account.
     *
     * @param context of the kubeconfig; empty for its current one
     * @throws IllegalArgumentException when there is no such context
     */
    static KubernetesClient readOnly(Optional<Path> kubeconfig, Optional<String> context) {
        var config = kubeconfig
                .map(file -> read(context.orElse(null), file))
                .orElseGet(() -> Config.autoConfigure(context.orElse(null)));
        context.filter(wanted -> config.getCurrentContext() == null
                        || !config.getCurrentContext().getName().equals(wanted))
                .ifPresent(wanted -> {
                    throw new IllegalArgumentException("--context: the kubeconfig has no context " + wanted);
                });
        return builder(config)
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("read-only", new Interceptor() {
                    @Override
                    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                        if (!request.method().equals("GET")) {
                            throw new IllegalStateException("this only reads, and must not " + request.method());
                        }
                    }
                }))
                .build();
    }

    private static KubernetesClientBuilder builder(Config base) {
        var config = new ConfigBuilder(base)
                .withRequestTimeout(10_000)
                .withConnectionTimeout(5_000)
                .withRequestRetryBackoffLimit(0)
                // The JDK's HTTP/2 has no ping: a connection whose packets vanish would time out every request for
                // minutes, while
                // new ones would work. With HTTP/1.1 a connection ends with the first request that times out on it.
                .withHttp2Disable(true)
                .build();
        return new KubernetesClientBuilder().withConfig(config);
    }

    private static Config read(@Nullable String context, Path kubeconfig) {
        try {
            return Config.fromKubeconfig(context, Files.readString(kubeconfig), kubeconfig.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(kubeconfig + " cannot be read", e);
        }
    }
}
