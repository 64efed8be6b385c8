package io.drey.core.kubernetes;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leadership among several operators, by a Lease: one works, the others wait with warm caches. fabric8's elector does the
 * election. Beside it runs a clock of our own: who could not renew within the deadline is no leader any more, even while
 * a request to the API server still hangs.
 */
public final class Leadership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final Duration PROGRESS = Duration.ofMinutes(1);

    /**
     * @param identity that tells this process from all others
     * @param lease how long the others wait after the last renewal that they saw
     * @param renew how long the leader goes on without a renewal; less than {@code lease}
     * @param retry time between two tries
     */
    public record Terms(
            String namespace, String leaseName, String identity, Duration lease, Duration renew, Duration retry) {}

    private final KubernetesClient client;
    private final Terms terms;
    private final Runnable lost;
    private final ExecutorService threads = Executors.newCachedThreadPool(runnable -> Thread.ofPlatform()
            .name("drey-leader")
            .daemon()
            .inheritInheritableThreadLocals(false)
            .unstarted(runnable));
    private final CompletableFuture<Void> elected = new CompletableFuture<>();
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile CompletableFuture<?> election = CompletableFuture.completedFuture(null);
    private volatile long renewedAt;
    private volatile boolean closing;

    /** @param lost is told, once, that somebody else may be the leader by now: nothing may be written from then on */
    public Leadership(KubernetesClient client, Terms terms, Runnable lost) {
        this.client = requireNonNull(client);
        this.terms = requireNonNull(terms);
        this.lost = requireNonNull(lost);
    }

    /**
     * Waits until this process is the leader, for as long as that takes.
     *
     * @throws IllegalStateException when the Lease may not be used, or this thread is interrupted
     */
    public void await() {
        checkAccess();
        var callbacks = new LeaderCallbacks(
                () -> elected.complete(null),
                this::lose,
                leader ->
                        LOG.info("the leader is {}{}", leader, leader.equals(terms.identity()) ? ", which is us" : ""));
        var config = new LeaderElectionConfig(
                new TimedLock(), terms.lease(), terms.renew(), terms.retry(), callbacks, true, terms.leaseName());
        election = new LeaderElector(client, config, threads).start();
        election.whenComplete((done, error) -> {
            if (error != null && !closing) {
                LOG.error("the election ended: {}", error.getMessage());
                elected.completeExceptionally(error);
                lose();
            }
        });
        while (!isElected()) {
            LOG.info("waiting for the lease {}/{}", terms.namespace(), terms.leaseName());
        }
        threads.execute(this::watch);
    }

    private void checkAccess() {
        try {
            client.leases()
                    .inNamespace(terms.namespace())
                    .withName(terms.leaseName())
                    .get();
        } catch (io.fabric8.kubernetes.client.KubernetesClientException e) {
            if (e.getCode() == 401 || e.getCode() == 403) {
                throw new IllegalStateException(
                        "leader election: no permission for leases of coordination.k8s.io in namespace "
                                + terms.namespace() + "; check the roles of the service account",
                        e);
            }
            LOG.warn("the lease cannot be read yet: {}", e.getMessage());
        }
    }

    private boolean isElected() {
        try {
            elected.get(PROGRESS.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("leader election failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the lease", e);
        }
    }

    private void watch() {
        try {
            while (!closing && !told.get()) {
                TimeUnit.MILLISECONDS.sleep(Math.max(10, terms.retry().toMillis() / 4));
                if (System.nanoTime() - renewedAt > terms.renew().toNanos()) {
                    lose();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lose() {
        if (elected.isDone() && !closing && told.compareAndSet(false, true)) {
            LOG.error("the lease {}/{} is lost", terms.namespace(), terms.leaseName());
            lost.run();
        }
    }

    /** Gives the lease back, so that the next leader need not wait for its end. */
    @Override
    public void close() {
        closing = true;
        election.cancel(true);
        try {
            election.get(terms.retry().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.debug("the election ended: {}", e.toString());
        }
        threads.shutdown();
    }

    /** Notes when the lease was renewed last: the time before the request, not the one after it. */
    private final class TimedLock implements Lock {
        private final Lock lease = new LeaseLock(terms.namespace(), terms.leaseName(), terms.identity());

        @Override
        public LeaderElectionRecord get(KubernetesClient client) {
            return lease.get(client);
        }

        @Override
        public void create(KubernetesClient client, LeaderElectionRecord record) {
            long before = System.nanoTime();
            lease.create(client, record);
            renewedAt = before;
        }

        @Override
        public void update(KubernetesClient client, LeaderElectionRecord record) {
            long before = System.nanoTime();
            lease.update(client, record);
            renewedAt = before;
        }

        @Override
        public String identity() {
            return lease.identity();
        }

        @Override
        public String describe() {
            return lease.describe();
        }
    }
}
