package io.drey.examples.counting;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads a ledger and says whether each number up to the largest is in it once.
 *
 * <p>Argument: the folder of the ledger. It prints {@code exact: N numbers in M commits} and ends with 0, or prints a line
 * for each of the first faults and ends with 1.
 */
public final class LedgerCheck {
    private static final int SHOWN = 20;

    /**
     * What was found.
     *
     * @param numbers the largest number
     * @param commits how many files there are
     * @param faults one line each; none when the count is exact
     */
    public record Finding(long numbers, int commits, List<String> faults) {
        /** Whether each number is there once. */
        public boolean exact() {
            return faults.isEmpty();
        }
    }

    private record Committed(long first, long last, String file) {}

    private LedgerCheck() {}

    /** Started by hand or by a test. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("one argument is needed: the folder of the ledger");
        }
        var finding = check(Path.of(arguments[0]));
        finding.faults().stream().limit(SHOWN).forEach(System.out::println);
        System.out.println(
                (finding.exact() ? "exact: " : "not exact (" + finding.faults().size() + " faults): ")
                        + finding.numbers() + " numbers in " + finding.commits() + " commits");
        System.exit(finding.exact() ? 0 : 1);
    }

    /** Reads a ledger, also while a job writes it: files appear there as a whole. */
    public static Finding check(Path folder) throws IOException {
        List<Committed> ranges = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        int commits = 0;
        for (var file : files(folder)) {
            var name = file.getFileName().toString();
            var text = Files.readString(file);
            if (name.startsWith("wrong-")) {
                faults.add(text);
            } else if (name.startsWith("commit-")) {
                commits++;
                Ranges.parse(text).forEach(range -> ranges.add(new Committed(range.getKey(), range.getValue(), name)));
            }
        }
        ranges.sort(Comparator.comparingLong(Committed::first).thenComparing(Committed::file));
        var last = new Committed(0, 0, "");
        for (var range : ranges) {
            if (range.first() <= last.last()) {
                faults.add("twice: " + range.first() + "-" + Math.min(range.last(), last.last()) + " in " + last.file()
                        + " and " + range.file());
            } else if (range.first() > last.last() + 1) {
                faults.add("lost: " + (last.last() + 1) + "-" + (range.first() - 1) + ", before " + range.file());
            }
            last = range.last() > last.last() ? range : last;
        }
        return new Finding(last.last(), commits, List.copyOf(faults));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
