package io.drey.core.cli;

import io.drey.core.host.CallWatch;
import io.drey.core.host.PluginFailure;
import io.drey.core.host.PluginHost;
import io.drey.core.loop.Loop;
import io.drey.core.loop.Requeue;
import io.drey.core.loop.WorkQueue;
import io.drey.core.port.Schedule.Priority;
import io.drey.spi.resource.ResourceRef;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A host and a loop over two resources, of which one, or the loop itself, runs out of memory. Arguments: how, plugins, store. */
final class OutOfMemoryProcess {
    private static final int SERVED = 1000;

    /** What is to happen before the other resource is watched. */
    private static final CountDownLatch TROUBLE = new CountDownLatch(2);

    private final PluginHost host;
    private final String mode;
    private final AtomicInteger servedAfter = new AtomicInteger();

    private OutOfMemoryProcess(PluginHost host, String mode) {
        this.host = host;
        this.mode = mode;
    }

    public static void main(String[] arguments) throws Exception {
        var mode = arguments[0];
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            Drey.uncaught(thread, thrown);
            System.out.println("thread " + thread.getName() + " ended: " + thrown);
            TROUBLE.countDown();
            TROUBLE.countDown();
        });
        if (mode.equals("elsewhere")) {
            var thread = new Thread(OutOfMemoryProcess::hoard);
            thread.start();
            thread.join();
            return;
        }
        var watch = new CallWatch(CallWatch.Limits.within(Duration.ofSeconds(30)));
        var host = new PluginHost(Path.of(arguments[2]), "0.1.0", Clock.systemUTC(), watch);
        host.load(new PluginHost.Offer(List.of(Path.of(arguments[1])), Map.of(), Set.of()));
        var queue = new WorkQueue(System::nanoTime, WorkQueue.RetryTimes.DEFAULT);
        var process = new OutOfMemoryProcess(host, mode);
        var loop = new Loop(queue, process::pass, Duration.ofSeconds(60), Duration.ofSeconds(1));
        loop.start(2);
        for (var name : List.of("good", "bad")) {
            queue.enqueue(new ResourceRef("Thing", "ns", name), Priority.EVENT);
        }
        // All else is done by daemons.
        new CountDownLatch(1).await();
    }

    private static void hoard() {
        List<byte[]> all = new ArrayList<>();
        while (true) {
            all.add(new byte[1 << 22]);
        }
    }

    private Requeue pass(ResourceRef ref) {
        if (mode.equals("pass") && ref.name().equals("bad")) {
            hoard();
        }
        try (var entered = host.enter()) {
            entered.platform().strategies().get(ref.name()).choose(null);
            if (ref.name().equals("good") && TROUBLE.getCount() == 0 && servedAfter.incrementAndGet() == SERVED) {
                System.out.println("good was served " + SERVED + " times after that");
                Runtime.getRuntime().halt(0);
            }
        } catch (PluginFailure e) {
            System.out.println(ref.name() + " failed: " + e.getMessage());
            TROUBLE.countDown();
        }
        return Requeue.after(Duration.ofMillis(1));
    }
}
