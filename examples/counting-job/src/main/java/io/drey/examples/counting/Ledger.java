package io.drey.examples.counting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Commits, with each checkpoint, the numbers since the one before, as one file named by the run and the checkpoint. What was
 * to be committed is in the checkpoint too, and committed again after a failure: to the same file, so that this does no harm.
 */
final class Ledger extends RichFlatMapFunction<Tuple2<Long, Long>, Long>
        implements CheckpointedFunction, CheckpointListener {
    private static final long serialVersionUID = 1;

    private final String folder;

    private transient Ranges since = new Ranges();
    private transient List<Transaction> pending = new ArrayList<>();
    private transient String run = "";
    private transient @Nullable ListState<String> state;

    Ledger(String folder) {
        this.folder = folder;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        since = new Ranges();
        pending = new ArrayList<>();
        run = getRuntimeContext().getJobInfo().getJobId() + "-" + UUID.randomUUID();
        state = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("pending", Types.STRING));
        for (var text : state.get()) {
            commit(Transaction.parse(text));
        }
    }

    @Override
    public void flatMap(Tuple2<Long, Long> counted, Collector<Long> out) throws IOException {
        long number = counted.f0;
        // The first of each key is one of 1 to KEYS, and then each KEYS-th number follows.
        long expected = (number - 1) / CountingJob.KEYS + 1;
        if (counted.f1 != expected) {
            write("wrong-" + run + "-" + number, "number " + number + ": counted " + counted.f1 + ", not " + expected);
        }
        since.add(number);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        if (state == null) {
            throw new IllegalStateException("not initialized");
        }
        pending.add(new Transaction(run, context.getCheckpointId(), since.toString()));
        since = new Ranges();
        state.update(pending.stream().map(Transaction::toString).toList());
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws IOException {
        var complete = pending.stream()
                .filter(transaction -> transaction.checkpoint() <= checkpointId)
                .toList();
        for (var transaction : complete) {
            commit(transaction);
        }
        pending.removeAll(complete);
    }

    private void commit(Transaction transaction) throws IOException {
        if (!transaction.ranges().isEmpty()) {
            write(transaction.file(), transaction.ranges());
        }
    }

    private void write(String name, String text) throws IOException {
        var target = Path.of(folder);
        Files.createDirectories(target);
        var unfinished = target.resolve("." + name + "." + UUID.randomUUID());
        Files.writeString(unfinished, text);
        Files.move(unfinished, target.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
