package io.drey.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.core.generation.FeatureSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class GenerationTest {
    private static final FeatureSet NOTHING = new FeatureSet(
            Map.of(), List.of(), List.of(), List.of(), Map.of(), Map.of(), List.of(), List.of(), List.of(), Map.of(),
            List.of());

    private final AtomicInteger drains = new AtomicInteger();
    private final Generation generation = new Generation(
            1,
            List.of(),
            new PluginSets(List.of(), NOTHING, Map.of(), Optional.empty()),
            drained -> drains.incrementAndGet());

    @Test
    void isDrainedWhenItIsNotCurrentAndTheLastPassHasLeft() {
        assertThat(generation.tryEnter()).isTrue();
        assertThat(generation.leave()).as("no longer current").isFalse();
        assertThat(generation.tryEnter()).as("a pass in flight keeps it open").isTrue();
        assertThat(generation.leave()).isFalse();
        assertThat(generation.leave()).isTrue();
        assertThat(generation.tryEnter()).as("never revived").isFalse();
    }

    @Test
    void aPassLeavesOnceHoweverOftenItCloses() {
        assertThat(generation.tryEnter()).isTrue();
        var entered = generation.entered();
        entered.close();
        entered.close();

        assertThat(generation.tryEnter()).isTrue();
    }

    @RepeatedTest(20)
    void exactlyOneIsTheLastToLeave() throws Exception {
        int threads = 8;
        var last = new AtomicInteger();
        var revived = new AtomicInteger();
        var start = new CountDownLatch(1);
        List<Callable<Void>> passes = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            boolean retires = i == 0;
            passes.add(() -> {
                start.await();
                for (int turn = 0; turn < 2_000; turn++) {
                    if (retires && turn == 1_000 && generation.leave()) {
                        last.incrementAndGet();
                    }
                    if (generation.tryEnter()) {
                        if (last.get() > 0) {
                            revived.incrementAndGet();
                        }
                        if (generation.leave()) {
                            last.incrementAndGet();
                        }
                    }
                }
                return null;
            });
        }
        try (var pool = Executors.newFixedThreadPool(threads)) {
            var running = passes.stream().map(pool::submit).toList();
            start.countDown();
            for (var pass : running) {
                pass.get();
            }
        }

        assertThat(last).hasValue(1);
        assertThat(drains).hasValue(1);
        assertThat(revived).hasValue(0);
    }
}
