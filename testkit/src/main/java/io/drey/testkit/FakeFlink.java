package io.drey.testkit;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.core.flink.Projector;
import io.drey.core.port.FlinkApi;
import io.drey.spi.FactSource.Document;
import io.drey.spi.FactSource.DocumentQuery;
import io.drey.spi.FactSource.Polled;
import io.drey.spi.fact.FlinkJobs;
import io.drey.spi.fact.FlinkJobs.Job;
import io.drey.spi.fact.FlinkJobs.Reach;
import io.drey.spi.fact.JobCheckpoints;
import io.drey.spi.fact.JobCheckpoints.Snapshot;
import io.drey.spi.fact.JobRequirements;
import io.drey.spi.fact.JobRequirements.Bounds;
import io.drey.spi.operation.EffectId;
import io.drey.spi.operation.ErrorKind;
import io.drey.spi.operation.Operation;
import io.drey.spi.operation.Operation.Failure;
import io.drey.spi.plan.FlinkRef;
import io.drey.spi.plan.Outcome;
import io.drey.spi.plan.Rescaling;
import io.drey.spi.plan.Step.SavepointRequest;
import io.drey.spi.resource.ResourceRef;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * JobManagers in memory: their jobs, checkpoints and savepoints, their REST APIs, and their high-availability metadata in
 * config maps or in ZooKeeper. Knows what Flink does with a caller's trigger id, and forgets it with the JobManager, or five
 * minutes after it was done. Its limits: one job on each JobManager, no session jobs, each job of two vertices, no slots to
 * wait for; checkpoints are retained, also when a job is cancelled. Not thread-safe.
 */
public final class FakeFlink implements FlinkApi {
    /** The ids of the vertices of each job. */
    public static final List<String> VERTICES = List.of("a".repeat(32), "b".repeat(32));

    /** How the next savepoints go. */
    public enum Savepoints {
        GOOD,
        /** They fail, and the job goes on. */
        FAILING,
        /** They never end. */
        HANGING,
        /** They are written, and the job goes on since something else failed (S141). */
        WRITTEN_BUT_JOB_GOES_ON,
        /** They fail with an exception of the tasks, which Flink restarts: the same job works again a little later. */
        FAILING_WITH_RESTART
    }

    /**
     * What starts a job.
     *
     * @param savepoint what it is told to restore from
     * @param kept where high-availability metadata is
     * @param image one that is called {@code failing} has a main that fails, an {@code incompatible} one cannot restore, and
     *     no slot fits a task of an {@code unfit} one
     * @param requirements bounds by vertex
     * @param deployment the uid of the JobManager's Deployment
     */
    public record Start(
            String namespace,
            String cluster,
            String jobId,
            Optional<String> savepoint,
            Kept kept,
            boolean allowNonRestored,
            String image,
            Map<String, Bounds> requirements,
            String deployment) {
        /** Whether high availability is on. */
        public boolean ha() {
            return kept != Kept.NOWHERE;
        }
    }

    /** Where high-availability metadata is. */
    public enum Kept {
        NOWHERE,
        CONFIG_MAPS,
        ZOOKEEPER
    }

    /**
     * What a start found to go on from.
     *
     * @param checkpointId -1 when it started empty
     * @param newest the progress of the newest snapshot of this cluster's jobs then
     */
    public record Begun(String jobId, long checkpointId, long progress, long newest) {}

    private static final class JobManager {
        private Optional<FakeJob> job = Optional.empty();
        private boolean silent;
        /** Turns until it serves. */
        private int starting;
        /** Turns until it lists the job that it has. */
        private int recovering;

        private Reach reach() {
            if (silent) {
                return Reach.UNREACHABLE;
            }
            return starting > 0 ? Reach.STARTING : Reach.SERVING;
        }

        private Optional<FakeJob> listed() {
            return recovering > 0 ? Optional.empty() : job;
        }
    }

    private static final String REQUIREMENTS = "/resource-requirements";
    private static final Duration TRIGGERS_KEPT = Duration.ofMinutes(5);

    private final Clock clock;
    private final Faults faults;
    private final FakeConfigMaps configMaps;
    private final FakeZooKeeper zooKeeper = new FakeZooKeeper();
    private final FakeStorage storage = new FakeStorage();
    private final Map<String, List<Polled>> looks = new HashMap<>();
    private final Map<String, JobManager> managers = new HashMap<>();
    private final Set<String> asked = new HashSet<>();
    private final Set<String> answered = new HashSet<>();
    private final Map<String, Long> newest = new HashMap<>();
    private final List<Begun> begun = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private Optional<String> misled = Optional.empty();
    private boolean deaf;
    private int checkpointsAsked;
    private Savepoints savepoints = Savepoints.GOOD;
    private BooleanSupplier loses = () -> false;
    private boolean idle;
    private int refusal;
    private int rescales;
    private Duration operatorAhead = Duration.ZERO;
    private int startTurns;
    private int recoverTurns;
    private Supplier<Duration> age = () -> Duration.ZERO;
    private Predicate<Start> givenUp = start -> false;

    FakeFlink(Clock clock, Faults faults, FakeKubernetes kubernetes) {
        this.clock = clock;
        this.faults = faults;
        this.configMaps = new FakeConfigMaps(kubernetes);
    }

    private FakeMetadata metadata(Start start) {
        return start.kept() == Kept.ZOOKEEPER ? zooKeeper : configMaps;
    }

    /** ZooKeeper, for the clusters that keep their metadata there. */
    public FakeZooKeeper zooKeeper() {
        return zooKeeper;
    }

    /** Whether the user has given up the newest state, asked for each start of a job. */
    public void givesUp(Predicate<Start> which) {
        givenUp = which;
    }

    /** The user has given up all state of a cluster. */
    public void givesUp(String namespace, String cluster) {
        newest.remove(namespace + "/" + cluster);
    }

    /** The progress of the newest snapshot of a cluster's jobs that the user has not given up. */
    public long newest(String namespace, String cluster) {
        return newest.getOrDefault(namespace + "/" + cluster, 0L);
    }

    /** The newest state that a JobManager that serves could tell of its job; empty where none does. */
    public Optional<Long> readable(String namespace, String cluster) {
        return Optional.ofNullable(managers.get(namespace + "/" + cluster))
                .filter(manager -> manager.reach() == Reach.SERVING)
                .flatMap(JobManager::listed)
                .flatMap(job -> job.checkpoints(clock.instant()).newest())
                .flatMap(Snapshot::path)
                .flatMap(storage::get)
                .map(FakeStorage.Saved::progress);
    }

    /** The newest state that metadata of this job has; empty where there is none. */
    public Optional<Long> recoverable(String namespace, String cluster, String jobId, Kept kept) {
        var start = new Start(namespace, cluster, jobId, Optional.empty(), kept, false, "", Map.of(), "");
        return start.ha()
                ? metadata(start).newest(start).flatMap(storage::get).map(FakeStorage.Saved::progress)
                : Optional.empty();
    }

    /** The state of a cluster's job, by Flink's names; empty text where there is none. */
    public String state(String namespace, String cluster) {
        return job(namespace, cluster).map(job -> job.state).orElse("");
    }

    /** The image that the job was launched with; empty text where there is no job. */
    public String image(String namespace, String cluster) {
        return job(namespace, cluster).map(job -> job.start.image()).orElse("");
    }

    /** All that an operator could see of the clusters by now. Where it changes, the poller would tell. */
    public String seen() {
        return answered + " "
                + managers.keySet().stream()
                        .sorted()
                        .map(key -> key + jobs(key))
                        .toList();
    }

    /** All metadata of a cluster is lost, wherever it is kept. */
    public void losesMetadata(String namespace, String cluster) {
        configMaps.lose(namespace, cluster);
        zooKeeper.lose(namespace, cluster);
    }

    /**
     * From now on a JobManager that starts takes turns to serve, and lists no job for some turns after that.
     *
     * @param serving turns in which it accepts connections only
     * @param listing turns in which it answers with an empty list
     */
    public void startsSlowly(int serving, int listing) {
        startTurns = serving;
        recoverTurns = listing;
    }

    /** From now on the poller's views are as old as this says, when each is taken. */
    public void viewsAreOld(Supplier<Duration> by) {
        age = by;
    }

    // ---- the world's side

    /** A session cluster's JobManager serves. */
    void serves(String namespace, String cluster) {
        managers.put(namespace + "/" + cluster, new JobManager());
    }

    /** A user submits a job to a session cluster that serves. */
    public void submits(String namespace, String cluster, String jobId) {
        var start = new Start(
                namespace, cluster, jobId, Optional.empty(), Kept.NOWHERE, false, "session", Map.of(), cluster);
        requireNonNull(managers.get(namespace + "/" + cluster), cluster).job = Optional.of(begin(start));
    }

    /** A JobManager starts its job, with what state it finds. */
    void starts(Start start) {
        var manager = new JobManager();
        begins(manager);
        managers.put(start.namespace() + "/" + start.cluster(), manager);
        if (start.ha()) {
            var earlier = metadata(start).submittedBy(start);
            if (earlier.isPresent() && !earlier.get().equals(start.deployment())) {
                throw new AssertionError("job " + start.jobId() + " would be taken up as it was submitted before");
            }
        }
        manager.job = Optional.of(begin(start));
    }

    private void begins(JobManager manager) {
        manager.starting = startTurns;
        manager.recovering = startTurns + recoverTurns;
    }

    private FakeJob begin(Start start) {
        var job = new FakeJob(start, clock.instant());
        if (start.image().contains("unfit")) {
            job.unsettled = Optional.of(FakeJob.WAITING);
        }
        if (start.image().contains("failing")) {
            job.state = "FAILED";
            job.failure = Optional.of("org.apache.flink.util.FlinkException: main failed");
            if (start.ha()) {
                metadata(start).forget(start);
            }
            return job;
        }
        var found = start.ha() ? metadata(start).newest(start) : Optional.<String>empty();
        var from = misled.or(() -> found).or(start::savepoint);
        if (from.isPresent() && storage.get(from.get()).isEmpty()) {
            job.state = "FAILED";
            job.failure = Optional.of("java.io.FileNotFoundException: cannot find " + from.get());
            if (start.ha()) {
                metadata(start).forget(start);
            }
            return job;
        }
        if (from.isPresent() && start.image().contains("incompatible")) {
            job.state = "RESTARTING";
            if (start.ha()) {
                metadata(start).submit(start);
            }
            return job;
        }
        from.flatMap(storage::get)
                .ifPresent(saved -> job.restore(
                        new Snapshot(saved.checkpointId(), from, clock.instant(), saved.savepoint()),
                        saved.progress()));
        var cluster = start.namespace() + "/" + start.cluster();
        if (givenUp.test(start)) {
            newest.put(cluster, job.progress);
        }
        begun.add(new Begun(
                job.id, job.restored.map(Snapshot::id).orElse(-1L), job.progress, newest.getOrDefault(cluster, 0L)));
        if (start.ha()) {
            metadata(start).submit(start);
            from.ifPresent(path -> metadata(start).completed(start, job.lastId, path));
        }
        return job;
    }

    /** A JobManager is gone. */
    void gone(String namespace, String cluster) {
        managers.remove(namespace + "/" + cluster);
    }

    /** The JobManager's process dies and is started again by Kubernetes: with it goes what it did not write down. */
    public void crash(String namespace, String cluster) {
        crash(namespace, cluster, false);
    }

    /**
     * The same.
     *
     * @param saved whether the operator knows by now where newer state is than the one that Flink itself begins with
     */
    public void crash(String namespace, String cluster, boolean saved) {
        var manager = managers.get(namespace + "/" + cluster);
        if (manager == null || manager.job.isEmpty()) {
            return;
        }
        begins(manager);
        var before = manager.job.get();
        if (!saved
                && (!before.start.ha()
                        || !before.ended() && metadata(before.start).knows(before.start))) {
            // Not the operator's doing: Flink itself starts from the newest checkpoint that it knows, or its first
            // savepoint.
            var known = before.start.ha() ? metadata(before.start).newest(before.start) : Optional.<String>empty();
            newest.put(
                    namespace + "/" + cluster,
                    known.or(before.start::savepoint)
                            .flatMap(storage::get)
                            .map(FakeStorage.Saved::progress)
                            .orElse(0L));
        }
        int starts = begun.size();
        manager.job =
                before.ended() || before.start.ha() && !metadata(before.start).knows(before.start)
                        ? Optional.empty()
                        : Optional.of(begin(before.start));
        if (!before.start.ha() && saved && begun.size() > starts) {
            // Nor is this: the operator has newer state, which the next launch is to restore.
            var last = begun.removeLast();
            begun.add(new Begun(last.jobId(), last.checkpointId(), last.progress(), last.progress()));
        }
        if (before.start.ha()) {
            // They are kept with the job as it was submitted.
            manager.job.ifPresent(job -> job.requirements = before.requirements);
        }
    }

    /**
     * A JobManager's Deployment is lost while a savepoint of its job may be on its way: the operator has heard of none, and
     * brings the job back from the newest checkpoint in its metadata, as Flink itself would.
     */
    public void lost(String namespace, String cluster) {
        Optional.ofNullable(managers.get(namespace + "/" + cluster))
                .flatMap(manager -> manager.job)
                .filter(job -> job.start.ha()
                        && !job.ended()
                        && metadata(job.start).newest(job.start).isPresent())
                .ifPresent(job -> newest.put(
                        namespace + "/" + cluster,
                        metadata(job.start)
                                .newest(job.start)
                                .flatMap(storage::get)
                                .map(FakeStorage.Saved::progress)
                                .orElse(0L)));
    }

    /** The JobManager does not answer any more, or does again. */
    public void silent(String namespace, String cluster, boolean now) {
        Optional.ofNullable(managers.get(namespace + "/" + cluster)).ifPresent(manager -> manager.silent = now);
    }

    /** The running job gets on. */
    public void progresses(String namespace, String cluster) {
        running(namespace, cluster).ifPresent(job -> job.progress++);
    }

    /** The running job completes a checkpoint. */
    public void checkpoints(String namespace, String cluster) {
        running(namespace, cluster).ifPresent(job -> {
            var path = "file:/checkpoints/" + job.id + "/chk-" + (job.lastId + 1);
            job.completed = Optional.of(save(job, path, false));
            job.completedCheckpoints++;
            if (job.start.ha()) {
                metadata(job.start).completed(job.start, job.lastId, path);
            }
        });
    }

    /** A savepoint of the running job completes, which somebody triggered and which does not stop it. */
    public void savepoint(String namespace, String cluster, String path) {
        running(namespace, cluster).ifPresent(job -> job.savepoint = Optional.of(save(job, path, true)));
    }

    /** The newest checkpoint of the job is one that only its JobManager can read: it has no path. */
    public void checkpointHasNoPath(String namespace, String cluster) {
        running(namespace, cluster)
                .ifPresent(job -> job.completed = job.completed.map(
                        newest -> new Snapshot(newest.id(), Optional.empty(), newest.at(), newest.savepoint())));
    }

    /** Some task of the job waits for a slot, or all of them run again. */
    public void waitsForSlots(String namespace, String cluster, boolean now) {
        job(namespace, cluster).ifPresent(job -> job.unsettled = now ? Optional.of(FakeJob.WAITING) : Optional.empty());
    }

    /** The job stays in the state that it has. */
    public void stuck(String namespace, String cluster) {
        job(namespace, cluster).ifPresent(job -> job.recovering = 0);
    }

    /** The job restarts so many times, faster than anybody looks. */
    public void restarts(String namespace, String cluster, int times) {
        running(namespace, cluster).ifPresent(job -> job.restarts += times);
    }

    /** A task of the job throws this now. */
    public void fails(String namespace, String cluster, String exception, String stackTrace) {
        job(namespace, cluster).ifPresent(job -> {
            var entry = JsonNodeFactory.instance.objectNode();
            entry.put("exceptionName", exception)
                    .put("stacktrace", stackTrace)
                    .put("timestamp", clock.instant().toEpochMilli())
                    .put("taskName", "map (1/1)")
                    .put("endpoint", "10.0.0.1:6122")
                    .put("taskManagerId", cluster + "-taskmanager-1-1");
            entry.putObject("failureLabels").put("type", "user");
            job.exceptions.addFirst(entry);
        });
    }

    /** A checkpoint of the running job was triggered now, and does not complete. */
    public void checkpointHangs(String namespace, String cluster) {
        running(namespace, cluster).ifPresent(job -> job.pendingSince = Optional.of(clock.instant()));
    }

    /** The running job comes to this state by itself. */
    public void becomes(String namespace, String cluster, String state) {
        job(namespace, cluster).filter(job -> !job.ended()).ifPresent(job -> becomes(job, state));
    }

    /** The JobManager does not know its job any more. */
    public void loses(String namespace, String cluster) {
        Optional.ofNullable(managers.get(namespace + "/" + cluster))
                .ifPresent(manager -> manager.job = Optional.empty());
    }

    private void becomes(FakeJob job, String state) {
        job.state = state;
        if (state.equals("FAILED")) {
            job.failure = Optional.of("java.lang.RuntimeException: failed in the test");
        }
        if (job.ended() && job.start.ha()) {
            metadata(job.start).forget(job.start);
        }
    }

    private Optional<FakeJob> job(String namespace, String cluster) {
        return Optional.ofNullable(managers.get(namespace + "/" + cluster)).flatMap(manager -> manager.job);
    }

    private Optional<FakeJob> running(String namespace, String cluster) {
        return job(namespace, cluster).filter(FakeJob::working);
    }

    private Snapshot save(FakeJob job, String path, boolean savepoint) {
        job.lastId++;
        storage.put(path, new FakeStorage.Saved(job.lastId, job.progress, savepoint));
        newest.put(job.start.namespace() + "/" + job.start.cluster(), job.progress);
        return new Snapshot(job.lastId, Optional.of(path), clock.instant(), savepoint);
    }

    /** What is under way ends. */
    void settle() {
        if (!deaf) {
            answered.addAll(asked);
            asked.forEach(this::look);
        }
        for (var manager : managers.values()) {
            manager.starting = Math.max(0, manager.starting - 1);
            manager.recovering = Math.max(0, manager.recovering - 1);
            manager.job.ifPresent(job -> {
                for (var trigger : List.copyOf(job.triggers.entrySet())) {
                    if (trigger.getValue().path().isEmpty()
                            && trigger.getValue().failure().isEmpty()) {
                        end(job, trigger.getKey(), trigger.getValue());
                    }
                }
                job.recover();
                if (job.state.equals("CANCELLING")) {
                    becomes(job, "CANCELED");
                }
            });
        }
    }

    private void end(FakeJob job, String trigger, FakeJob.Stopping stopping) {
        if (savepoints == Savepoints.HANGING) {
            return;
        }
        if (savepoints == Savepoints.FAILING_WITH_RESTART && job.state.equals("RUNNING")) {
            job.triggers.put(
                    trigger,
                    stopping.failed("java.lang.UnsupportedOperationException: Not supported yet.", clock.instant()));
            job.failsOver();
            return;
        }
        if (savepoints == Savepoints.FAILING || !job.state.equals("RUNNING")) {
            job.triggers.put(trigger, stopping.failed("java.io.IOException: no space", clock.instant()));
            return;
        }
        var path = "file:/savepoints/savepoint-" + job.id.substring(0, 6) + "-" + trigger.substring(0, 6);
        job.savepoint = Optional.of(save(job, path, true));
        job.triggers.put(trigger, stopping.saved(path, clock.instant()));
        if (savepoints == Savepoints.GOOD) {
            job.stoppedBySavepoint = true;
            becomes(job, "FINISHED");
        }
    }

    /** The operator's process ends: its views go with it. */
    void operatorEnds(Duration ahead) {
        operatorAhead = ahead;
        looks.clear();
        asked.clear();
        answered.clear();
    }

    /** How savepoints go from now on. */
    public void savepoints(Savepoints now) {
        savepoints = now;
    }

    /** From now on questions of the poller stay under way. */
    public void deaf() {
        deaf = true;
    }

    /** From now on jobs restore from here, whatever they are told. */
    public void misleads(Optional<String> path) {
        misled = path;
    }

    /** From now on it answers with this code when it is told to rescale; 0 for doing it. */
    public void refusesToRescale(int code) {
        refusal = code;
    }

    /** The bounds that the vertices of the job have now; none where there is no job. */
    public Map<String, Bounds> requirements(String namespace, String cluster) {
        return job(namespace, cluster).map(job -> job.requirements).orElse(Map.of());
    }

    /** Somebody else has told the job these bounds. */
    public void requires(String namespace, String cluster, Map<String, Bounds> bounds) {
        running(namespace, cluster).ifPresent(job -> {
            Map<String, Bounds> all = new HashMap<>(job.requirements);
            all.putAll(bounds);
            job.requirements = all;
        });
    }

    /** How often a job was told to rescale, and did. */
    public int rescales() {
        return rescales;
    }

    /** Whether an answer is lost, asked for each request that has an effect. */
    public void loses(BooleanSupplier answer) {
        loses = answer;
    }

    /** Whether stops are accepted and never begin. */
    public void idle(boolean now) {
        idle = now;
    }

    /** Where snapshots are kept. */
    public FakeStorage storage() {
        return storage;
    }

    /** What each start of a job found to go on from, in order; restarts by Flink itself included. */
    public List<Begun> begun() {
        return List.copyOf(begun);
    }

    /** How often somebody asked for a job's checkpoints. */
    public int checkpointsAsked() {
        return checkpointsAsked;
    }

    /** What was asked for, in order. */
    public List<String> log() {
        return List.copyOf(log);
    }

    // ---- FlinkApi

    @Override
    public Polled view(ResourceRef subscriber, FlinkRef flink, Optional<String> job, Duration every) {
        var key = flink.toString();
        asked.add(key);
        if (!answered.contains(key)) {
            return new Polled(FlinkJobs.UNREACHABLE, Instant.MIN);
        }
        var limit = now().minus(age.get());
        return looks.getOrDefault(key, List.of()).stream()
                .filter(look -> limit.isBefore(now()) && !look.at().isAfter(limit))
                .reduce((older, newer) -> newer)
                .orElseGet(() -> new Polled(jobs(key), now()));
    }

    /** By the operator's clock, which stamps what its poller sees. */
    private Instant now() {
        return clock.instant().plus(operatorAhead);
    }

    /** Keeps what a cluster's JobManager says now, for views that are older than the present. */
    private void look(String key) {
        if (key.indexOf('/') != key.lastIndexOf('/')) {
            return;
        }
        var looked = looks.computeIfAbsent(key, k -> new ArrayList<>());
        looked.add(new Polled(jobs(key), now()));
        if (looked.size() > 8) {
            looked.removeFirst();
        }
    }

    private FlinkJobs jobs(String flink) {
        var manager = managers.get(flink);
        if (manager == null || manager.reach() != Reach.SERVING) {
            return manager == null || manager.silent
                    ? FlinkJobs.UNREACHABLE
                    : new FlinkJobs(Reach.STARTING, List.of(), Map.of(), 0);
        }
        return new FlinkJobs(
                Reach.SERVING,
                manager.listed().stream()
                        .map(job -> new Job(
                                job.id,
                                flink.substring(flink.indexOf('/') + 1),
                                job.state,
                                job.startTime,
                                job.failure,
                                job.tasks()))
                        .toList(),
                Map.of("flink-version", "2.3.0", "flink-revision", "test"),
                manager.listed().isPresent() ? 1 : 0);
    }

    @Override
    public JobCheckpoints checkpoints(ResourceRef subscriber, FlinkRef flink, String jobId) {
        var key = flink + "/" + jobId;
        checkpointsAsked++;
        asked.add(key);
        return Optional.of(flink)
                .filter(ref -> answered.contains(key))
                .flatMap(this::serving)
                .flatMap(JobManager::listed)
                .filter(job -> job.id.equals(jobId))
                .map(job -> job.checkpoints(now()))
                .orElse(JobCheckpoints.unread(jobId));
    }

    @Override
    public Document document(ResourceRef subscriber, FlinkRef flink, DocumentQuery query) {
        var path = query.path();
        var key = flink + path;
        asked.add(key);
        return Optional.of(flink)
                .filter(ref -> answered.contains(key))
                .flatMap(this::serving)
                .flatMap(JobManager::listed)
                .filter(job -> path.startsWith("/jobs/" + job.id + "/"))
                .map(job -> document(job, path))
                .map(body -> Projector.document(body, query.projection(), now()))
                .orElse(Document.NONE);
    }

    private static JsonNode document(FakeJob job, String path) {
        if (path.endsWith(REQUIREMENTS)) {
            return job.requirements().body();
        }
        return path.contains("/metrics") ? job.metrics() : job.exceptionHistory();
    }

    private Optional<JobManager> serving(FlinkRef flink) {
        return Optional.ofNullable(managers.get(flink.toString())).filter(manager -> manager.reach() == Reach.SERVING);
    }

    @Override
    public void forget(ResourceRef subscriber) {}

    @Override
    public void refresh(FlinkRef flink) {
        answered.removeIf(key -> key.startsWith(flink.toString()));
        looks.remove(flink.toString());
    }

    @Override
    public Outcome cancel(FlinkRef flink, String jobId) {
        if (idle) {
            return Outcome.Done.PLAIN;
        }
        faults.before("cancel " + flink);
        var manager = serving(flink);
        if (manager.isEmpty()) {
            faults.after("cancel " + flink);
            return failed("Unreachable", flink + " does not answer");
        }
        manager.get()
                .listed()
                .filter(job -> job.id.equals(jobId) && !job.ended())
                .ifPresent(job -> job.state = "CANCELLING");
        log.add("cancel " + jobId);
        faults.after("cancel " + flink);
        return loses.getAsBoolean() ? failed("Unreachable", flink + " does not answer") : Outcome.Done.PLAIN;
    }

    @Override
    public Outcome stopWithSavepoint(FlinkRef flink, String jobId, EffectId trigger, SavepointRequest request) {
        if (idle) {
            return new Outcome.Pending("stopping job " + jobId, Duration.ofSeconds(1));
        }
        faults.before("stop " + flink);
        var outcome = serving(flink)
                .map(manager -> stop(manager.listed().filter(job -> job.id.equals(jobId)), jobId, trigger, request))
                .orElse(new Outcome.Pending(flink + " to answer", Duration.ofSeconds(2)));
        faults.after("stop " + flink);
        return loses.getAsBoolean() ? new Outcome.Pending(flink + " to answer", Duration.ofSeconds(2)) : outcome;
    }

    private Outcome stop(Optional<FakeJob> found, String jobId, EffectId trigger, SavepointRequest request) {
        if (found.isEmpty()) {
            return failed("JobNotFound", "job " + jobId + " not found");
        }
        var job = found.get();
        job.triggers
                .values()
                .removeIf(done -> done.at()
                        .filter(at -> at.plus(TRIGGERS_KEPT).isBefore(now()))
                        .isPresent());
        var earlier = job.triggers.get(trigger.hex());
        if (earlier != null) {
            if (earlier.failure().isPresent()) {
                return failed(
                        "SavepointError",
                        "stopping job " + jobId + ": " + earlier.failure().get());
            }
            if (earlier.path().isEmpty()) {
                return new Outcome.Pending("stopping job " + jobId, Duration.ofSeconds(1));
            }
            boolean newer = job.completed.map(Snapshot::id).orElse(-1L)
                    > job.savepoint.map(Snapshot::id).orElseThrow();
            return !job.ended() && newer
                    ? failed("SavepointError", "job " + jobId + " went on after its savepoint")
                    : done(job);
        }
        if (job.state.equals("FINISHED") && job.stoppedBySavepoint) {
            return done(job);
        }
        if (!job.state.equals("RUNNING")) {
            return failed("SavepointError", "job " + jobId + " is " + job.state);
        }
        if (!job.working()) {
            return failed("JobNotReady", "all tasks of job " + jobId + " run: " + job.tasks());
        }
        job.triggers.put(trigger.hex(), FakeJob.Stopping.begun(request.drain(), request.format()));
        log.add("stop " + jobId + " " + request.format() + (request.drain() ? " drain" : ""));
        return new Outcome.Pending("stopping job " + jobId, Duration.ofSeconds(1));
    }

    private static Outcome done(FakeJob job) {
        var savepoint = job.savepoint.orElseThrow();
        Map<String, String> proof = new TreeMap<>();
        proof.put(Operation.SAVEPOINT, savepoint.path().orElseThrow());
        proof.put(Operation.CHECKPOINT_ID, String.valueOf(savepoint.id()));
        proof.put(Operation.SAVED_AT, savepoint.at().toString());
        return new Outcome.Done(proof);
    }

    private static Outcome failed(String code, String message) {
        return new Outcome.Failed(new Failure(ErrorKind.EXTERNAL, code, message));
    }

    @Override
    public Outcome runJob(FlinkRef flink, String jobId, EffectId effect, JsonNode request) {
        throw new UnsupportedOperationException("no session jobs in this fake yet");
    }

    @Override
    public Outcome rescale(FlinkRef flink, String jobId, JsonNode requirements) {
        faults.before("rescale " + flink);
        var outcome = serving(flink)
                .map(manager -> rescale(manager.listed().filter(job -> job.id.equals(jobId)), jobId, requirements))
                .orElseGet(() -> failed("Unreachable", flink + " does not answer"));
        faults.after("rescale " + flink);
        return loses.getAsBoolean() ? failed("Unreachable", flink + " does not answer") : outcome;
    }

    private Outcome rescale(Optional<FakeJob> found, String jobId, JsonNode requirements) {
        int code = found.isEmpty() ? 404 : refusal;
        if (code != 0) {
            return new Outcome.Failed(new Failure(
                    ErrorKind.EXTERNAL, Rescaling.FAILED, "rescaling job " + jobId + ": refused", Optional.of(code)));
        }
        var wanted = JobRequirements.of(jobId, requirements).vertices().orElseThrow();
        if (!wanted.keySet().equals(Set.copyOf(VERTICES))
                || wanted.values().stream().anyMatch(bounds -> bounds.lower() < 1 || bounds.upper() < bounds.lower())) {
            throw new AssertionError("Flink takes bounds of all vertices, the lower one first: " + requirements);
        }
        found.get().requirements = wanted;
        rescales++;
        return Outcome.Done.PLAIN;
    }

    @Override
    public Outcome triggerSnapshot(
            FlinkRef flink, String jobId, EffectId trigger, Optional<SavepointRequest> savepoint) {
        throw new UnsupportedOperationException("no savepoints beside a stop in this fake yet");
    }

    @Override
    public Outcome disposeSnapshot(FlinkRef flink, String path, EffectId trigger) {
        throw new UnsupportedOperationException("no disposal in this fake yet");
    }
}
