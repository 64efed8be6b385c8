package io.drey.examples.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerCheckTest {
    @TempDir
    Path ledger;

    private void commit(String run, String ranges) throws IOException {
        Files.writeString(ledger.resolve(new Transaction(run, 1, ranges).file()), ranges);
    }

    @Test
    void each_number_once_is_exact_whatever_run_committed_it() throws IOException {
        commit("a", "1-10,12-20");
        commit("b", "11-11,21-30");

        assertThat(LedgerCheck.check(ledger)).isEqualTo(new LedgerCheck.Finding(30, 2, java.util.List.of()));
    }

    @Test
    void two_runs_at_once_and_a_run_from_old_state_are_found() throws IOException {
        commit("a", "1-10");
        commit("b", "8-15");

        assertThat(LedgerCheck.check(ledger).faults()).containsExactly("twice: 8-10 in commit-a-1 and commit-b-1");
    }

    @Test
    void a_run_that_starts_empty_is_found() throws IOException {
        commit("a", "1-100");
        commit("b", "1-5");

        assertThat(LedgerCheck.check(ledger).faults())
                .singleElement()
                .asString()
                .startsWith("twice: 1-5");
    }

    @Test
    void lost_numbers_are_found_at_the_beginning_as_well() throws IOException {
        commit("a", "3-10");
        commit("b", "15-20");

        assertThat(LedgerCheck.check(ledger).faults())
                .containsExactly("lost: 1-2, before commit-a-1", "lost: 11-14, before commit-b-1");
    }

    @Test
    void counts_that_do_not_fit_their_numbers_are_found() throws IOException {
        commit("a", "1-10");
        Files.writeString(ledger.resolve("wrong-a-9"), "number 9: counted 1, not 2");

        assertThat(LedgerCheck.check(ledger).faults()).containsExactly("number 9: counted 1, not 2");
    }

    @Test
    void files_that_are_not_finished_do_not_count() throws IOException {
        commit("a", "1-10");
        Files.writeString(ledger.resolve(".commit-a-2.x"), "11-");

        assertThat(LedgerCheck.check(ledger).exact()).isTrue();
    }

    @Test
    void ranges_grow_together_and_refuse_what_they_have() {
        var ranges = new Ranges();
        for (long number : new long[] {1, 2, 5, 4, 3, 9}) {
            ranges.add(number);
        }

        assertThat(ranges).hasToString("1-5,9-9");
        assertThatThrownBy(() -> ranges.add(4)).hasMessageContaining("number 4 came twice");
    }

    @Test
    void a_transaction_comes_back_from_its_text() {
        var transaction = new Transaction("a-b", 7, "1-5,9-9");

        assertThat(Transaction.parse(transaction.toString())).isEqualTo(transaction);
        assertThat(Transaction.parse(new Transaction("a", 8, "").toString()).ranges())
                .isEmpty();
    }
}
