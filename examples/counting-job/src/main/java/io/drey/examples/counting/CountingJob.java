package io.drey.examples.counting;

import java.nio.file.Path;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Emits 1, 2, 3 and so on, counts by key, and commits what it has counted to a ledger: files in a folder that all its pods
 * share. Lost state, a run from old state, and two runs at once all leave traces there, which {@link LedgerCheck} finds.
 *
 * <p>Arguments: the folder of the ledger, and the milliseconds that each number takes (2 when left out).
 */
public final class CountingJob {
    /** By how many keys the numbers are counted. */
    static final int KEYS = 8;

    private CountingJob() {}

    /** Started by Flink. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 1 || arguments.length > 2) {
            throw new IllegalArgumentException("spec.job.args: found " + arguments.length
                    + " arguments, must be the folder of the ledger and, if wanted, the milliseconds for each number");
        }
        var folder = Path.of(arguments[0]).toAbsolutePath().toString();
        long pause = arguments.length == 2 ? Long.parseLong(arguments[1]) : 2;

        var environment = StreamExecutionEnvironment.getExecutionEnvironment();
        environment.setMaxParallelism(128);
        environment
                .fromSource(
                        new NumberSequenceSource(1, Long.MAX_VALUE - 1), WatermarkStrategy.noWatermarks(), "numbers")
                .setParallelism(1)
                .uid("numbers")
                .map(number -> {
                    Thread.sleep(pause);
                    return number;
                })
                .returns(Types.LONG)
                .setParallelism(1)
                .uid("pace")
                .keyBy(number -> number % KEYS)
                .map(new Counter())
                .returns(Types.TUPLE(Types.LONG, Types.LONG))
                .uid("counter")
                .flatMap(new Ledger(folder))
                .returns(Types.LONG)
                .setParallelism(1)
                .uid("ledger")
                .sinkTo(new DiscardingSink<>());
        environment.execute("counting");
    }
}
