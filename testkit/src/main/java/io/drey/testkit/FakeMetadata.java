package io.drey.testkit;

import java.util.Optional;

/** High-availability metadata of Flink: the jobs as they were submitted, and the newest checkpoint of each. */
interface FakeMetadata {
    /** A job is submitted: by which Deployment, as it was then. */
    void submit(FakeFlink.Start start);

    /** The Deployment that submitted this job, if it would be taken up as it was submitted then. */
    Optional<String> submittedBy(FakeFlink.Start start);

    /** A job has completed a checkpoint. */
    void completed(FakeFlink.Start start, long id, String path);

    /** Path of the newest checkpoint. */
    Optional<String> newest(FakeFlink.Start start);

    /** Whether a JobManager would recover the job. */
    boolean knows(FakeFlink.Start start);

    /** A job has ended, and is not to be recovered. */
    void forget(FakeFlink.Start start);

    /** Loses all that is kept of a cluster. */
    void lose(String namespace, String cluster);
}
