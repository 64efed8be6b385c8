package io.drey.examples.counting;

import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.jspecify.annotations.Nullable;

/** Numbers, each with how many of its key there were up to it: keyed state. */
final class Counter implements MapFunction<Long, Tuple2<Long, Long>>, CheckpointedFunction {
    private static final long serialVersionUID = 1;

    private transient @Nullable ValueState<Long> count;

    @Override
    public void initializeState(FunctionInitializationContext context) {
        count = context.getKeyedStateStore().getState(new ValueStateDescriptor<>("count", Types.LONG));
    }

    @Override
    public Tuple2<Long, Long> map(Long number) throws Exception {
        if (count == null) {
            throw new IllegalStateException("not initialized");
        }
        Long before = count.value();
        long now = before == null ? 1 : before + 1;
        count.update(now);
        return Tuple2.of(number, now);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {}
}
