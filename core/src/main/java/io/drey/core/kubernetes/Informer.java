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
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One informer of fabric8's: lists in pages, watches, and retries with a growing pause, whatever the API server answers.
 *
 * <p>A refusal (403, 404) concerns this kind in this namespace only, so it is a state and no failure of the process.
 */
final class Informer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Informer.class);
    private static final Duration PROGRESS = Duration.ofSeconds(5);
    /** A watch is cut and made anew in everyday life; only one that stays away is worth a restart. */
    private static final Duration CUT_OFF = Duration.ofMinutes(2);

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration LIST_AGAIN = Duration.ofSeconds(10);
    /** Objects of a page: 4 MB of pods. */
    private static final long PAGE = 500;

    /** Receives objects, on one thread at a time for each informer. */
    interface Handler {
        /** An object is there, or is there in another version. */
        void seen(GenericKubernetesResource object);

        /** An object is gone. */
        void gone(String namespace, String name);
    }

    /** How an informer is doing. */
    enum State {
        /** Watches, or is about to: it lists, or reconnects after a short cut. */
        WATCHING,
        /** The API server has not answered for long. */
        CUT_OFF,
        /** Not permitted: the namespace lost its role binding, or is gone with it. */
        FORBIDDEN,
        /** The API server does not know the kind. */
        ABSENT;

        /** Whether the API server answers, and refuses. */
        boolean refused() {
            return this == FORBIDDEN || this == ABSENT;
        }
    }

    private final KubernetesClient client;
    private final String apiVersion;
    private final String kind;
    private final String plural;
    private final boolean namespaced;
    private final String namespace;
    private final CompletableFuture<Void> listed = new CompletableFuture<>();
    private final AtomicBoolean listsAgain = new AtomicBoolean();
    private volatile Runnable list = () -> {};
    private volatile @Nullable SharedIndexInformer<GenericKubernetesResource> informer;
    private volatile boolean closed;
    private volatile long progressAt = System.nanoTime();
    private volatile Optional<Throwable> lastError = Optional.empty();
    private volatile Optional<State> refusal = Optional.empty();
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

    String namespace() {
        return namespace;
    }

    /** Starts to list and watch, and does not wait for it. */
    Informer start(String labelSelector, Handler handler) {
        var store = new HandOver(handler, this::progress, this::listAgain);
        list = () -> run(labelSelector, store);
        list.run();
        return this;
    }

    private synchronized void run(String labelSelector, HandOver store) {
        if (closed) {
            return;
        }
        var slash = apiVersion.indexOf('/');
        var operation = client.genericKubernetesResources(new ResourceDefinitionContext.Builder()
                .withGroup(slash < 0 ? "" : apiVersion.substring(0, slash))
                .withVersion(apiVersion.substring(slash + 1))
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build());
        var scoped = namespace.isEmpty() || !namespaced ? operation.inAnyNamespace() : operation.inNamespace(namespace);
        var made = (labelSelector.isBlank() ? scoped : scoped.withLabelSelector(labelSelector))
                .withLimit(PAGE)
                .runnableInformer(0);
        made.itemStore(store);
        made.removeNamespaceIndex();
        made.addEventHandler(new Lists());
        made.exceptionHandler(this::tryAgain);
        informer = made;
        made.start().whenComplete((done, error) -> {
            if (error != null && informer == made) {
                listed.completeExceptionally(error);
            }
        });
    }

    private void progress() {
        progressAt = System.nanoTime();
    }

    /** Stops the watch and lists in a while, with the versions that are known: what was not taken in is handed over again. */
    private void listAgain() {
        if (listsAgain.compareAndSet(false, true)) {
            CompletableFuture.delayedExecutor(LIST_AGAIN.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        listsAgain.set(false);
                        stop();
                        list.run();
                    });
        }
    }

    /** Always, but for a start that cannot succeed without another configuration. */
    private boolean tryAgain(boolean wasStarted, Throwable error) {
        lastError = Optional.of(error);
        if (!wasStarted && code(error) == 401) {
            return false;
        }
        var now = refused(error);
        if (now.isPresent() ? now.equals(refusal) : !isWatching() && cutOffSince.isPresent()) {
            LOG.debug("{} is still not watched: {}", this, text(error));
        } else if (now.isPresent()) {
            LOG.warn("{} It is tried again, less and less often", complaint(error));
        } else {
            LOG.warn("watching {} was cut and is taken up again: {}", this, text(error));
        }
        refusal = now;
        return true;
    }

    private static Optional<State> refused(Throwable error) {
        return switch (code(error)) {
            case 403 -> Optional.of(State.FORBIDDEN);
            case 404 -> Optional.of(State.ABSENT);
            default -> Optional.empty();
        };
    }

    private static int code(Throwable error) {
        return refusal(error).map(KubernetesClientException::getCode).orElse(0);
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

    /**
     * Waits until each has listed, and handed over what it found, or was refused.
     *
     * @param limit without any progress of any
     * @throws IllegalStateException when the API server cannot be reached, or does not know who is asking
     */
    static void await(List<Informer> informers, Duration limit) {
        long began = System.nanoTime();
        List<Informer> waiting = new ArrayList<>(informers);
        while (true) {
            waiting.removeIf(Informer::isSettled);
            if (waiting.isEmpty()) {
                return;
            }
            if (waiting.get(0).settlesSoon()) {
                continue;
            }
            long idle = informers.stream()
                    .mapToLong(informer -> System.nanoTime() - informer.progressAt)
                    .min()
                    .orElse(0);
            if (Math.min(idle, System.nanoTime() - began) > limit.toNanos()) {
                throw new IllegalStateException("no list of " + waiting + " within " + limit.toSeconds() + " s"
                        + waiting.get(0)
                                .lastError
                                .map(error -> ": " + text(error))
                                .orElse(""));
            }
            LOG.info("waiting for the API server to list {}", waiting);
        }
    }

    /** Whether it has listed or was refused; an exception if it never will. */
    private boolean isSettled() {
        if (listed.isCompletedExceptionally()) {
            throw new IllegalStateException(complaint(listed.exceptionNow()));
        }
        return listed.isDone() || refusal.isPresent();
    }

    /** Waits a little for the list; returns whether it is worth a look at. */
    private boolean settlesSoon() {
        long until = System.nanoTime() + PROGRESS.toNanos();
        try {
            while (refusal.isEmpty() && System.nanoTime() - until < 0) {
                try {
                    listed.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                    return true;
                } catch (TimeoutException e) {
                    // Looks whether it was refused meanwhile.
                }
            }
            return refusal.isPresent();
        } catch (ExecutionException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private String complaint(Throwable error) {
        var why = ": " + text(error);
        return switch (code(error)) {
            case 401 -> "the API server does not know who we are; check the kubeconfig or the service account" + why;
            case 403 -> "no permission to list and watch " + this + "; check the roles of the service account" + why;
            case 404 -> "the API server does not know " + this + "; install the CRDs of helm/drey/crds";
            default -> "cannot list " + this + why;
        };
    }

    private boolean isWatching() {
        var watched = informer;
        return watched != null && watched.isWatching();
    }

    /** How it is doing now. */
    State state() {
        if (isWatching()) {
            refusal = Optional.empty();
            cutOffSince = Optional.empty();
            return State.WATCHING;
        }
        var refused = refusal;
        if (refused.isPresent()) {
            cutOffSince = Optional.empty();
            return refused.get();
        }
        var watched = informer;
        if (closed || (watched != null && !watched.isRunning())) {
            return State.CUT_OFF;
        }
        var since = cutOffSince.orElseGet(System::nanoTime);
        cutOffSince = Optional.of(since);
        return System.nanoTime() - since > CUT_OFF.toNanos() ? State.CUT_OFF : State.WATCHING;
    }

    /** Why it does not watch, with what to do about it; empty while it does. */
    Optional<String> problem() {
        return switch (state()) {
            case WATCHING -> Optional.empty();
            case CUT_OFF -> Optional.of("the watch of " + this + " is cut off");
            case FORBIDDEN, ABSENT ->
                Optional.of(lastError.map(this::complaint).orElseGet(() -> "nothing watches " + this));
        };
    }

    @Override
    public void close() {
        closed = true;
        stop();
        listed.completeExceptionally(new IllegalStateException("closed"));
    }

    private synchronized void stop() {
        var running = informer;
        informer = null;
        if (running != null) {
            running.stop();
        }
    }

    @Override
    public String toString() {
        return plural + " of " + apiVersion + (namespace.isEmpty() ? "" : " in " + namespace);
    }

    /** Objects go through the store; only the end of a list is left to hear of. */
    private final class Lists implements ResourceEventHandler<GenericKubernetesResource> {
        @Override
        public void onAdd(GenericKubernetesResource object) {}

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource now) {}

        @Override
        public void onDelete(GenericKubernetesResource object, boolean finalStateUnknown) {}

        @Override
        public void onList(String resourceVersion, boolean remaining) {
            listed.complete(null);
            if (refusal.isPresent()) {
                refusal = Optional.empty();
                LOG.info("{} can be listed again", Informer.this);
            }
        }
    }
}
