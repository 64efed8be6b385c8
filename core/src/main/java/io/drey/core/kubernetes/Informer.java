package io.drey.core.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One informer of fabric8's, that says in plain words what it cannot do. */
final class Informer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Informer.class);
    private static final Duration PROGRESS = Duration.ofSeconds(5);
    /** A watch is cut and made anew in everyday life; only one that stays away is worth a restart. */
    private static final Duration CUT_OFF = Duration.ofMinutes(2);

    /** What happens to objects. Called by one thread at a time for each informer. */
    interface Handler {
        /** An object is there, or is there in another version. */
        void seen(GenericKubernetesResource object);

        /** An object is gone. */
        void gone(String namespace, String name);
    }

    private final KubernetesClient client;
    private final String apiVersion;
    private final String kind;
    private final String plural;
    private final boolean namespaced;
    private final String namespace;
    private volatile @Nullable SharedIndexInformer<GenericKubernetesResource> informer;
    /** Not when fabric8 says so: it has listed then, and still hands over what it found. */
    private final CompletableFuture<Void> listed = new CompletableFuture<>();

    private volatile Optional<Throwable> lastError = Optional.empty();
    private volatile Optional<Long> cutOffSince = Optional.empty();

    /** @param namespace empty for all; without a meaning for what lies in none */
    Informer(
            KubernetesClient client,
            String apiVersion,
            String kind,
            String plural,
            boolean namespaced,
            String namespace) {
        this.namespaced = namespaced;
        this.client = client;
        this.apiVersion = apiVersion;
        this.kind = kind;
        this.plural = plural;
        this.namespace = namespace;
    }

    /** Starts to list and watch, and does not wait for it. */
    Informer start(String labelSelector, Handler handler) {
        var slash = apiVersion.indexOf('/');
        var operation = client.genericKubernetesResources(new ResourceDefinitionContext.Builder()
                .withGroup(slash < 0 ? "" : apiVersion.substring(0, slash))
                .withVersion(apiVersion.substring(slash + 1))
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build());
        var scoped = namespace.isEmpty() || !namespaced ? operation.inAnyNamespace() : operation.inNamespace(namespace);
        var made = (labelSelector.isBlank() ? scoped : scoped.withLabelSelector(labelSelector)).runnableInformer(0);
        made.itemStore(new VersionsOnly());
        made.removeNamespaceIndex();
        made.addEventHandler(new Adapter(handler, listed));
        made.exceptionHandler(this::tryAgain);
        informer = made;
        made.start().whenComplete((done, error) -> {
            if (error != null) {
                listed.completeExceptionally(error);
            }
        });
        return this;
    }

    /** Always, but for a start that cannot succeed before somebody has changed something. */
    private boolean tryAgain(boolean wasStarted, Throwable error) {
        lastError = Optional.of(error);
        boolean again = wasStarted
                || switch (refusal(error)
                        .map(KubernetesClientException::getCode)
                        .orElse(0)) {
                    case 401, 403, 404 -> false;
                    default -> true;
                };
        if (again) {
            LOG.warn("watching {} was cut and is taken up again: {}", this, text(error));
        }
        return again;
    }

    /** What the API server said, wherever it is in the chain of causes. */
    private static Optional<KubernetesClientException> refusal(Throwable error) {
        for (var cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof KubernetesClientException refused && refused.getCode() != 0) {
                return Optional.of(refused);
            }
        }
        return Optional.empty();
    }

    private static String text(Throwable error) {
        return refusal(error)
                .map(KubernetesClientException::getStatus)
                .map(Status::getMessage)
                .orElse(String.valueOf(error.getMessage()));
    }

    /** Waits until all have listed, and everything that they found was handed over. */
    static void await(List<Informer> informers, Duration limit) {
        long began = System.nanoTime();
        List<Informer> waiting = new ArrayList<>(informers);
        while (true) {
            waiting.removeIf(Informer::hasListed);
            if (waiting.isEmpty()) {
                return;
            }
            if (waiting.get(0).listedSoon()) {
                continue;
            }
            if (System.nanoTime() - began > limit.toNanos()) {
                throw new IllegalStateException("no list of " + waiting + " within " + limit.toSeconds() + " s"
                        + waiting.get(0)
                                .lastError
                                .map(error -> ": " + text(error))
                                .orElse(""));
            }
            LOG.info("waiting for the API server to list {}", waiting);
        }
    }

    /** Whether it has listed; an exception if it never will. */
    private boolean hasListed() {
        if (listed.isCompletedExceptionally()) {
            throw new IllegalStateException(complaint(listed.exceptionNow()));
        }
        return listed.isDone();
    }

    /** Waits a little for the list; returns whether it is worth a look at. */
    private boolean listedSoon() {
        try {
            listed.get(PROGRESS.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private String complaint(Throwable error) {
        var why = ": " + text(error);
        return switch (refusal(error).map(KubernetesClientException::getCode).orElse(0)) {
            case 401 -> "the API server does not know who we are; check the kubeconfig or the service account" + why;
            case 403 -> "no permission to list and watch " + this + "; check the roles of the service account" + why;
            case 404 -> "the API server does not know " + this + "; install the CRDs of helm/drey/crds";
            default -> "cannot list " + this + why;
        };
    }

    /** What is wrong with it. */
    Optional<String> problem() {
        var watched = informer;
        if (watched == null || !watched.isRunning()) {
            return Optional.of("nothing watches " + this);
        }
        if (watched.isWatching()) {
            cutOffSince = Optional.empty();
            return Optional.empty();
        }
        var since = cutOffSince.orElseGet(System::nanoTime);
        cutOffSince = Optional.of(since);
        return System.nanoTime() - since > CUT_OFF.toNanos()
                ? Optional.of("the watch of " + this + " is cut off")
                : Optional.empty();
    }

    @Override
    public void close() {
        var running = informer;
        if (running != null) {
            running.stop();
        }
    }

    @Override
    public String toString() {
        return plural + " of " + apiVersion + (namespace.isEmpty() ? "" : " in " + namespace);
    }

    private record Adapter(Handler handler, CompletableFuture<Void> listed)
            implements ResourceEventHandler<GenericKubernetesResource> {
        @Override
        public void onAdd(GenericKubernetesResource object) {
            handler.seen(object);
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource now) {
            handler.seen(now);
        }

        @Override
        public void onDelete(GenericKubernetesResource object, boolean finalStateUnknown) {
            handler.gone(
                    object.getMetadata().getNamespace(), object.getMetadata().getName());
        }

        @Override
        public void onList(String resourceVersion, boolean remaining) {
            listed.complete(null);
        }
    }
}
