package io.drey.core.port;

import io.drey.spi.FactSource.Document;
import io.drey.spi.FactSource.Polled;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.resource.ResourceRef;
import java.time.Duration;

/** What is known of Flink by now. Never waits. Thread-safe. */
public interface FlinkViews {
    /**
     * What the poller last saw, and from now on it polls.
     *
     * @param subscriber is enqueued when something changed
     * @param every the longest time between two polls
     */
    Polled view(ResourceRef subscriber, FlinkRef flink, Duration every);

    /**
     * What is known of a job's checkpoints by now. Asks for it, unless it was asked within the last second.
     *
     * @param subscriber is enqueued when there is an answer that is news
     */
    JobCheckpoints checkpoints(ResourceRef subscriber, FlinkRef flink, String jobId);

    /**
     * The last good answer to GET of a path, and from now on it is asked for, until nobody has wanted it for some minutes.
     *
     * @param subscriber is enqueued when the answer changes
     * @param every the time between two questions
     */
    Document document(ResourceRef subscriber, FlinkRef flink, String path, Duration every);
}
