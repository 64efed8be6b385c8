package io.drey.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.drey.core.host.CallWatch.Limits;
import io.drey.core.host.CallWatch.Owner;
import io.drey.core.loop.Loop;
import io.drey.core.loop.Requeue;
import io.drey.core.loop.WorkQueue;
import io.drey.core.port.CoreTime;
import io.drey.core.port.KubernetesError;
import io.drey.core.port.Schedule.Priority;
import io.drey.core.port.WorkingFor;
import io.drey.spi.Listener;
import io.drey.spi.fact.FactType;
import io.drey.spi.fact.MissingFact;
import io.drey.spi.resource.ResourceRef;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a plugin that hangs, spins or hoards does to others: nothing. */
@Timeout(60)
class PluginCallsTest {
    private static final ClassLoader LOADER = new URLClassLoader(new URL[0]);
    private static final Duration DEADLINE = Duration.ofMillis(200);

    private final CallWatch watch = new CallWatch(new Limits(DEADLINE, 64L << 20));
    private final PluginCalls calls = new PluginCalls("bad", LOADER, watch);
    private final List<Object> hoard = new ArrayList<>();

    @AfterEach
    void stop() {
        watch.close();
    }

    private Listener plugin(Listener body) {
        return Gateway.guard(Listener.class, body, calls);
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Test
    void aCallThatHangsIsInterruptedAndTheThreadIsAsGoodAsNew() {
        assertThatThrownBy(() -> plugin(report -> hang()).onReport(null))
                .isExactlyInstanceOf(PluginFailure.class)
                .hasMessage("plugin bad failed in Listener.onReport: it took longer than 0.2 s and was interrupted");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(calls.counts().late()).isEqualTo(1);
        assertThat(calls.counts().longest()).isGreaterThanOrEqualTo(DEADLINE.toNanos());

        plugin(report -> {}).onReport(null);
        assertThat(calls.counts().open()).isEmpty();
    }

    @Test
    void whatComesBackLateDoesNotCountEvenIfTheInterruptWasIgnored() {
        var reached = new AtomicBoolean();
        assertThatThrownBy(() -> plugin(report -> {
                            long until = System.nanoTime()
                                    + DEADLINE.multipliedBy(3).dividedBy(2).toNanos();
                            while (System.nanoTime() < until) {
                                Thread.onSpinWait();
                            }
                            reached.set(true);
                        })
                        .onReport(null))
                .isExactlyInstanceOf(PluginFailure.class);
        assertThat(reached).isTrue();
    }

    @Test
    void whatTheCoreTakesIsNotThePluginsTime() {
        plugin(report -> CoreTime.spend(() -> {
                    // As a request to an API server that is slow.
                    long until = System.nanoTime() + DEADLINE.multipliedBy(3).toNanos();
                    while (System.nanoTime() < until) {
                        Thread.onSpinWait();
                    }
                    return until;
                }))
                .onReport(null);

        assertThat(calls.counts().late()).isZero();
        assertThat(calls.counts().longest()).isLessThan(DEADLINE.toNanos());
    }

    @Test
    void aCallThatAllocatesWithoutEndIsInterrupted() {
        assertThatThrownBy(() -> plugin(report -> {
                            while (!Thread.currentThread().isInterrupted()) {
                                hoard.add(new byte[1 << 20]);
                                if (hoard.size() > 16) {
                                    hoard.clear();
                                }
                                Thread.onSpinWait();
                            }
                        })
                        .onReport(null))
                .hasMessageMatching(".* it (allocated more than 64 MiB|took longer than 0.2 s) and was interrupted");
    }

    @Test
    void aPluginThatUsesUpTheMemoryIsNotCalledForAWhile() {
        assertThatThrownBy(() -> plugin(report -> {
                            throw new OutOfMemoryError("Java heap space");
                        })
                        .onReport(null))
                .isExactlyInstanceOf(PluginFailure.class)
                .hasMessageContaining("OutOfMemoryError: Java heap space");
        assertThatThrownBy(() -> plugin(report -> {}).onReport(null))
                .hasMessage("plugin bad failed in Listener.onReport: it is not called, since it used up the operator's"
                        + " memory");
    }

    private static ResourceRef job(int number) {
        return new ResourceRef("FlinkDeployment", "a", "job" + number);
    }

    private Throwable hangsFor(ResourceRef ref) {
        return callFor(ref, report -> hang());
    }

    private Throwable callFor(ResourceRef ref, Listener body) {
        try (var working = WorkingFor.resource(ref)) {
            return catchThrowable(() -> plugin(body).onReport(null));
        }
    }

    @Test
    void aResourceWithTwoLateCallsInARowIsInQuarantineAndTheOthersAreServed() {
        assertThat(hangsFor(job(1))).hasMessageEndingWith("was interrupted");
        assertThat(hangsFor(job(1))).hasMessageEndingWith("was interrupted");

        long before = System.nanoTime();
        assertThat(hangsFor(job(1)))
                .hasMessage(
                        "plugin bad failed in Listener.onReport: it is not called, since it took longer than 0.2 s");
        assertThat(System.nanoTime() - before).as("nobody waited").isLessThan(DEADLINE.toNanos());
        assertThat(calls.counts().refused()).isEqualTo(1);
        assertThat(calls.counts().quarantined()).isEqualTo(1);
        assertThat(callFor(job(2), report -> {})).isNull();
        assertThat(calls.counts().open()).isEmpty();
    }

    @Test
    void onceItIsLateForSeveralResourcesInARowItIsCalledForNone() {
        for (int i = 1; i <= 3; i++) {
            assertThat(hangsFor(job(i))).isInstanceOf(PluginFailure.class);
        }

        assertThat(callFor(job(9), report -> {}))
                .hasMessage("plugin bad failed in Listener.onReport: it is not called, since it took longer than 0.2 s,"
                        + " for 3 resources in a row");
    }

    @Test
    void aResourceThatIsWellInBetweenKeepsTheBreakerShut() {
        for (int i = 1; i <= 6; i++) {
            assertThat(hangsFor(job(i))).isInstanceOf(PluginFailure.class);
            assertThat(callFor(job(100 + i), report -> {})).isNull();
        }
        assertThat(calls.counts().open()).isEmpty();
    }

    @Test
    void severalThatHangAtOnceKeepTheBreakerShutAsLongAsOthersAreWell() throws Exception {
        List<Thread> callers = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            var ref = job(i);
            callers.add(new Thread(() -> hangsFor(ref)));
            callers.getLast().start();
        }
        await().until(() -> {
            assertThat(callFor(job(100), report -> {})).isNull();
            return callers.stream().noneMatch(Thread::isAlive);
        });

        assertThat(calls.counts().late()).isEqualTo(4);
        assertThat(calls.counts().open()).isEmpty();
        assertThat(callFor(job(101), report -> {})).isNull();
    }

    @Test
    void aFullStackIsCountedForItsResource() {
        Listener deep = report -> {
            throw new StackOverflowError();
        };
        assertThat(callFor(job(1), deep)).hasMessageEndingWith("StackOverflowError: null");
        assertThat(callFor(job(1), deep)).hasMessageEndingWith("StackOverflowError: null");
        assertThat(callFor(job(1), report -> {})).hasMessageEndingWith("since it overflowed the stack");
        assertThat(callFor(job(2), report -> {})).isNull();
    }

    @Test
    void whoUsesUpTheMemoryIsRefusedAloneUntilSeveralDo() {
        Listener hoards = report -> {
            throw new OutOfMemoryError("Java heap space");
        };
        assertThat(callFor(job(1), hoards)).hasMessageContaining("OutOfMemoryError");
        assertThat(callFor(job(1), report -> {})).hasMessageEndingWith("since it used up the operator's memory");
        assertThat(callFor(job(2), report -> {})).isNull();

        assertThat(callFor(job(2), hoards)).hasMessageContaining("OutOfMemoryError");
        assertThat(callFor(job(3), hoards)).hasMessageContaining("OutOfMemoryError");
        assertThat(callFor(job(9), report -> {})).hasMessageEndingWith("since it used up the operator's memory");
    }

    @Test
    void aFactThatIsMissingIsNoFailedCall() {
        assertThat(callFor(job(1), report -> {
                    throw new MissingFact(new FactType<>("size", Integer.class));
                }))
                .isInstanceOf(MissingFact.class);
        assertThat(callFor(job(1), report -> {
                    throw new KubernetesError(503, "of the test");
                }))
                .as("the API server's answer to the core")
                .isInstanceOf(KubernetesError.class);
        assertThat(calls.counts().failed()).isZero();
    }

    @Test
    void failuresThatAreQuickCloseNothing() {
        for (int i = 0; i < 100; i++) {
            assertThat(catchThrowable(() -> plugin(report -> {
                                throw new IllegalStateException("no");
                            })
                            .onReport(null)))
                    .hasMessageEndingWith("IllegalStateException: no");
        }
        plugin(report -> {}).onReport(null);
        assertThat(calls.counts().failed()).isEqualTo(100);
    }

    @Test
    void aThreadThatDoesNotComeBackIsGivenUpAndUnwindsIfItEverDoes() throws Exception {
        List<String> givenUp = new CopyOnWriteArrayList<>();
        watch.add(Owner.of(thread -> false, (thread, why) -> givenUp.add(thread.getName() + ": " + why)));
        var end = new AtomicBoolean();
        var thrown = new AtomicReference<Throwable>();
        var again = new AtomicReference<Throwable>();
        var caller = new Thread(
                () -> {
                    thrown.set(catchThrowable(
                            () -> plugin(report -> spinUntil(end)).onReport(null)));
                    again.set(catchThrowable(() -> plugin(report -> {}).onReport(null)));
                },
                "caller");
        caller.start();
        await().until(() -> !givenUp.isEmpty());

        assertThat(givenUp)
                .singleElement()
                .asString()
                .matches("caller: plugin bad in Listener.onReport does not return, 0.4\\d* s after it was called");
        assertThat(calls.counts().stuck()).isEqualTo(1);
        assertThat(caller.getPriority()).isEqualTo(Thread.MIN_PRIORITY);
        assertThatThrownBy(() -> plugin(report -> {}).onReport(null))
                .hasMessageMatching("plugin bad failed in Listener.onReport: it is not called, since it (took longer"
                        + " than 0.2 s in Listener.onReport, and has not ended|does not return, 0.4\\d* s after it was"
                        + " called)");
        end.set(true);
        caller.join();
        assertThat(thrown.get()).isInstanceOf(AbandonedCall.class);
        assertThat(again.get()).as("the thread never gets into a plugin again").isInstanceOf(AbandonedCall.class);
        assertThat(calls.counts().stuck()).isZero();
    }

    @Test
    void whileACallIsPastItsDeadlineNoOtherIsLetInForItsResource() throws Exception {
        var end = new AtomicBoolean();
        var thrown = new AtomicReference<Throwable>();
        try (var patient = new CallWatch(new Limits(Duration.ofSeconds(2), 1L << 40))) {
            var patiently = new PluginCalls("bad", LOADER, patient);
            var deaf = Gateway.guard(Listener.class, report -> spinUntil(end), patiently);
            var caller = new Thread(() -> {
                try (var working = WorkingFor.resource(job(1))) {
                    thrown.set(catchThrowable(() -> deaf.onReport(null)));
                }
            });
            caller.start();
            await().until(() -> patiently.counts().quarantined() == 1);

            var other = Gateway.guard(Listener.class, report -> {}, patiently);
            try (var working = WorkingFor.resource(job(1))) {
                assertThatThrownBy(() -> other.onReport(null))
                        .isExactlyInstanceOf(PluginFailure.class)
                        .hasMessage("plugin bad failed in Listener.onReport: it is not called, since it took longer"
                                + " than 2.0 s in Listener.onReport, and has not ended");
            }
            try (var working = WorkingFor.resource(job(2))) {
                other.onReport(null);
            }
            assertThat(patiently.counts().refused()).isEqualTo(1);

            end.set(true);
            caller.join();
            assertThat(thrown.get()).isExactlyInstanceOf(PluginFailure.class);
            assertThat(patiently.counts().quarantined()).isZero();
        }
    }

    @Test
    void callsOfFiveResourcesPastTheirDeadlineAreAllThatThereEverAre() throws Exception {
        var end = new AtomicBoolean();
        try (var patient = new CallWatch(new Limits(Duration.ofSeconds(2), 1L << 40))) {
            var patiently = new PluginCalls("bad", LOADER, patient);
            var deaf = Gateway.guard(Listener.class, report -> spinUntil(end), patiently);
            List<Thread> callers = new ArrayList<>();
            for (int i = 1; i <= 5; i++) {
                var ref = job(i);
                callers.add(new Thread(() -> {
                    try (var working = WorkingFor.resource(ref)) {
                        assertThatThrownBy(() -> deaf.onReport(null)).isNotNull();
                    }
                }));
                callers.getLast().start();
            }
            await().until(() -> !patiently.counts().open().isEmpty());

            try (var working = WorkingFor.resource(job(9))) {
                assertThatThrownBy(() -> deaf.onReport(null))
                        .hasMessageEndingWith("took longer than 2.0 s in Listener.onReport, and has not ended");
            }
            end.set(true);
            for (var caller : callers) {
                caller.join();
            }
        }
    }

    @Test
    void aBurstOfCallsThatSpinIsAllThatEverSpins() throws Exception {
        var end = new AtomicBoolean();
        var spinning = new LongAdder();
        var queue = new WorkQueue(System::nanoTime, WorkQueue.RetryTimes.DEFAULT);
        var loop = new Loop(
                queue,
                ref -> {
                    try {
                        plugin(report -> {
                                    spinning.increment();
                                    spinUntil(end);
                                })
                                .onReport(null);
                    } catch (PluginFailure e) {
                        return Requeue.after(Duration.ofMillis(5));
                    }
                    return Requeue.none();
                },
                Duration.ofSeconds(60),
                Duration.ofSeconds(1));
        try (loop) {
            watch.add(Owner.of(loop::isWorker, loop::giveUp));
            loop.start(2);
            for (int i = 0; i < 20; i++) {
                queue.enqueue(new ResourceRef("FlinkDeployment", "a", "job" + i), Priority.EVENT);
            }
            await().until(() -> calls.counts().refused() > 1_000);
            assertThat(spinning.sum()).isEqualTo(2);
            assertThat(calls.counts().stuck()).isEqualTo(2);
            end.set(true);
        }
    }

    @Test
    void aWorkerWhosePriorityWasLoweredMakesRoomForAnother() {
        var queue = new WorkQueue(System::nanoTime, WorkQueue.RetryTimes.DEFAULT);
        var priorities = new CopyOnWriteArrayList<String>();
        var computing = new ResourceRef("FlinkDeployment", "a", "computing");
        var other = new ResourceRef("FlinkDeployment", "a", "other");
        var patient = new CallWatch(new Limits(Duration.ofSeconds(4), 1L << 40));
        var plugin = Gateway.guard(
                Listener.class,
                report -> {
                    var self = Thread.currentThread();
                    while (self.getPriority() == Thread.NORM_PRIORITY && !self.isInterrupted()) {
                        Thread.onSpinWait();
                    }
                },
                new PluginCalls("computes", LOADER, patient));
        var loop = new Loop(
                queue,
                ref -> {
                    if (ref.equals(computing)) {
                        plugin.onReport(null);
                    }
                    priorities.add(ref.name() + " " + Thread.currentThread().getPriority());
                    return Requeue.none();
                },
                Duration.ofSeconds(60),
                Duration.ofSeconds(1));
        try (patient;
                loop) {
            patient.add(Owner.of(loop::isWorker, loop::giveUp));
            loop.start(1);
            queue.enqueue(computing, Priority.EDIT);
            queue.enqueue(other, Priority.EVENT);

            await().untilAsserted(() -> assertThat(priorities).containsExactly("computing 1", "other 5"));
            assertThat(loop.counts().stuck()).as("nothing was wrong with it").isZero();
        }
    }

    private static void spinUntil(AtomicBoolean end) {
        while (!end.get()) {
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    @Test
    void theLoopGoesOnWithAnotherWorkerAndTheKeyIsFreeAgain() {
        var end = new AtomicBoolean();
        var queue = new WorkQueue(System::nanoTime, WorkQueue.RetryTimes.DEFAULT);
        var effects = new CopyOnWriteArrayList<String>();
        var stuck = new ResourceRef("FlinkDeployment", "a", "stuck");
        var fine = new ResourceRef("FlinkDeployment", "a", "fine");
        var loop = new Loop(
                queue,
                ref -> {
                    if (ref.equals(stuck)) {
                        plugin(report -> spinUntil(end)).onReport(null);
                    }
                    effects.add(ref.name());
                    return Requeue.none();
                },
                Duration.ofSeconds(60),
                Duration.ofSeconds(1));
        try (loop) {
            watch.add(Owner.of(loop::isWorker, loop::giveUp));
            loop.start(1);
            queue.enqueue(stuck, Priority.EDIT);
            queue.enqueue(fine, Priority.EVENT);

            await().until(() -> effects.contains("fine"));
            assertThat(loop.counts().stuck()).isEqualTo(1);
            assertThat(queue.counts().taken()).as("the stuck key is free").isZero();
            assertThat(queue.counts().delayed()).as("and due again").isEqualTo(1);
            end.set(true);
            await().until(() -> loop.counts().busy() == 0);
            assertThat(effects).as("what was given up has no effect").containsExactly("fine");
        }
    }
}
