package io.drey.core.port;

import io.drey.spi.FactSource.Document;
import io.drey.spi.FactSource.DocumentQuery;
import io.drey.spi.FactSource.Polled;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.resource.ResourceRef;
import java.time.Duration;
import java.util.Optional;

/** What is known of Flink by now. Never waits. Thread-safe. */
public interface FlinkViews {
    /**
     * What the poller last saw, and from now on it polls.
     *
     * @param subscriber is enqueued when something changed
     * @param job whose changes enqueue the subscriber, beside those of the cluster; all jobs' do when empty
     * @param every the longest time between two polls
     */
    Polled view(ResourceRef subscriber, FlinkRef flink, Optional<String> job, Duration every);

    /**
     * What is known of a job's checkpoints by now. Asks for it, unless it was asked within the last second.
     *
     * @param subscriber is enqueued when there is an answer that is news
     */
    JobCheckpoints checkpoints(ResourceRef subscriber, FlinkRef flink, String jobId);

    /**
     * What is kept of the last good answer to a query, and from now on it is asked, until nobody has wanted it for some
     * minutes. At once when Flink says that something has happened to the job of the path.
     *
     * @param subscriber is enqueued when what is kept changes
     */
    Document document(ResourceRef subscriber, FlinkRef flink, DocumentQuery query);
}
