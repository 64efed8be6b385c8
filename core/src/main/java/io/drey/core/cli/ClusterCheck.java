package io.drey.core.cli;

import io.drey.core.engine.SwapCheck;
import io.drey.core.engine.SwapCheck.Finding;
import io.drey.core.flink.RestFlinkApi;
import io.drey.core.generation.FeatureSet;
import io.drey.core.generation.Generations;
import io.drey.core.generation.Generations.Entered;
import io.drey.core.host.PluginProblem;
import io.drey.core.host.Transition;
import io.drey.core.kubernetes.InformerCache;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What an exchange of plugins would do to the resources of a live cluster: the check that an operator makes before it, from
 * outside, with what the cluster and its JobManagers say now.
 */
final class ClusterCheck implements Transition {
    private static final Duration JOB_MANAGERS_ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(50);

    /**
     * What was found.
     *
     * @param resources that were decided for
     * @param jobManagers that were asked
     * @param unreachable of them, about whose jobs nothing is known
     * @param findings what would happen by itself
     */
    record Result(int resources, int jobManagers, int unreachable, List<Finding> findings) {
        Result {
            findings = List.copyOf(findings);
        }
    }

    private final InformerCache informers;
    private final Exchange exchange;
    private final SwapCheck check;
    private final RestFlinkApi flink;
    private final Generations generations;
    private Optional<Result> result = Optional.empty();

    @Inject
    ClusterCheck(
            InformerCache informers, Exchange exchange, SwapCheck check, RestFlinkApi flink, Generations generations) {
        this.informers = informers;
        this.exchange = exchange;
        this.check = check;
        this.flink = flink;
        this.generations = generations;
    }

    /**
     * Lists what the plugins at work need.
     *
     * @throws IllegalStateException with what to do about it, when that is not permitted, or the cluster does not answer
     */
    void start() {
        try (var current = generations.enter()) {
            exchange.watch(current);
        }
    }

    /** What was found. Nothing is, when the plugins were the same. */
    Result result() {
        return result.orElseGet(() -> new Result(informers.resources().size(), 0, 0, List.of()));
    }

    @Override
    public List<PluginProblem> prepare(Entered next, Entered current) {
        try {
            exchange.watch(next);
        } catch (IllegalStateException e) {
            return List.of(Exchange.unwatchable(e));
        }
        // The first round makes the poller ask the JobManagers; what it decides counts for nothing.
        var findings = check.findings(next, current);
        if (flink.polls().clusters() > 0) {
            awaitJobManagers();
            findings = check.findings(next, current);
        }
        var polls = flink.polls();
        result = Optional.of(new Result(informers.resources().size(), polls.clusters(), polls.unreachable(), findings));
        return List.of();
    }

    private void awaitJobManagers() {
        long until = System.nanoTime() + JOB_MANAGERS_ANSWER_WITHIN.toNanos();
        try {
            while (flink.polls().unseen() > 0 && System.nanoTime() - until < 0) {
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void swapped(FeatureSet now) {}

    @Override
    public void retired(Collection<FeatureSet> left) {}
}
