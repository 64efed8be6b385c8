package io.drey.core.cli;

import io.drey.core.sweep.ClustersInUse;
import io.drey.core.sweep.ResultStoreSweep;
import io.drey.core.sweep.ResultStoreSweep.Finding;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code drey sweep}: removes, or only lists, what launches that are over left in the storage of high availability. */
@Command(
        name = "sweep",
        description = "Lists job result stores of launches that are over, in a storage of high availability that is"
                + " reached as files, and removes them with --delete. What a FlinkDeployment in the cluster uses is"
                + " kept. Run it where all clusters that share the storage are seen.",
        mixinStandardHelpOptions = true)
final class SweepCommand implements Callable<Integer> {
    @Option(
            names = "--storage",
            required = true,
            paramLabel = "DIRECTORY",
            description = "What high-availability.storageDir is, as mounted here.")
    private Path storage = Path.of("");

    @Option(
            names = "--older-than",
            defaultValue = "PT24H",
            paramLabel = "DURATION",
            description = "Keeps what was changed within it, as PT24H or P7D. Default: ${DEFAULT-VALUE}.")
    private Duration olderThan = Duration.ZERO;

    @Option(names = "--delete", description = "Removes them. Without it nothing is changed.")
    private boolean delete;

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws IOException {
        if (olderThan.isNegative()) {
            throw new IllegalArgumentException("--older-than: found " + olderThan + ", must not be negative");
        }
        try (var client = KubernetesClients.readOnly(Optional.empty(), Optional.empty())) {
            var sweep =
                    new ResultStoreSweep(storage, Clock.systemUTC().instant().minus(olderThan));
            var findings = sweep.sweep(() -> ClustersInUse.read(client), delete);
            output.print(findings, out -> print(out, findings));
        }
        return 0;
    }

    private void print(PrintWriter out, List<Finding> findings) {
        Output.table(
                out,
                List.of("JOB RESULT STORE", delete ? "DONE" : "WOULD BE", "WHY"),
                findings.stream()
                        .map(finding ->
                                List.of(finding.directory(), finding.swept() ? "removed" : "kept", finding.why()))
                        .toList());
        long swept = findings.stream().filter(Finding::swept).count();
        out.println();
        out.println(swept + " of " + findings.size()
                + (delete ? " removed" : " would be removed. Nothing was changed: --delete removes them"));
    }
}
