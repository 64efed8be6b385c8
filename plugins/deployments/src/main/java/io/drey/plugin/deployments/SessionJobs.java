package io.drey.plugin.deployments;

import io.drey.spi.fact.FactType;
import java.util.List;

/**
 * The FlinkSessionJobs of a session cluster.
 *
 * @param names of the resources, sorted
 */
record SessionJobs(List<String> names) {
    /** This fact. */
    static final FactType<SessionJobs> TYPE = new FactType<>("session-jobs", SessionJobs.class);

    SessionJobs {
        names = names.stream().sorted().toList();
    }
}
