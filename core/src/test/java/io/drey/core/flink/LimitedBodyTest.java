package io.drey.core.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow.Subscription;
import org.junit.jupiter.api.Test;

/** Bodies of answers, and the memory that all of them may hold. */
class LimitedBodyTest {
    private final ByteBudget budget = new ByteBudget(1000);

    private static final class Connection implements Subscription {
        private boolean cancelled;

        @Override
        public void request(long count) {}

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private static void receives(LimitedBody body, int bytes) {
        body.onNext(List.of(ByteBuffer.allocate(bytes)));
    }

    @Test
    void a_body_is_cut_at_its_limit_and_its_connection_ended() {
        var connection = new Connection();
        var body = new LimitedBody(100, budget);
        body.onSubscribe(connection);
        receives(body, 60);
        receives(body, 60);

        var received = body.getBody().toCompletableFuture().join();
        assertThat(received.bytes()).hasSize(100);
        assertThat(received.cut()).isTrue();
        assertThat(connection.cancelled).isTrue();
        assertThat(budget.held()).isEqualTo(100);
        body.release();
        body.release();
        assertThat(budget.held()).isZero();
    }

    @Test
    void when_all_bodies_hold_too_much_the_largest_is_dropped() {
        var large = new LimitedBody(10_000, budget);
        var small = new LimitedBody(10_000, budget);
        receives(large, 900);
        receives(small, 90);
        receives(small, 20);

        assertThatThrownBy(() -> large.getBody().toCompletableFuture().join())
                .hasRootCauseMessage("the answers under way take too much memory");
        assertThat(budget.held()).isEqualTo(110);
        small.onComplete();
        assertThat(small.getBody().toCompletableFuture().join().bytes()).hasSize(110);
        small.release();
        assertThat(budget.held()).isZero();
    }

    @Test
    void what_comes_after_a_release_is_not_held() {
        var body = new LimitedBody(10_000, budget);
        receives(body, 100);
        body.release();
        receives(body, 100);
        assertThat(budget.held()).isZero();
    }
}
