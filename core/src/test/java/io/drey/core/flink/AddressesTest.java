package io.drey.core.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.spi.plan.FlinkRef;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Addresses that are looked up once and kept. */
@Timeout(30)
class AddressesTest {
    private static final FlinkRef CLUSTER = new FlinkRef("default", "job", 8081);
    private static final Optional<URI> FIRST = Optional.of(URI.create("http://10.0.0.1:8081"));
    private static final Optional<URI> SECOND = Optional.of(URI.create("http://10.0.0.2:8081"));

    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private volatile Endpoints names = flink -> FIRST;
    private final AtomicInteger asked = new AtomicInteger();
    private final Addresses addresses = new Addresses(
            flink -> {
                asked.incrementAndGet();
                return names.of(flink);
            },
            new Clock() {
                @Override
                public Instant instant() {
                    return now;
                }

                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }
            });

    @AfterEach
    void close() {
        addresses.close();
    }

    private void pass(long seconds) {
        now = now.plusSeconds(seconds);
    }

    private Optional<URI> address() {
        return addresses.of(CLUSTER).join();
    }

    @Test
    void an_address_is_looked_up_once_a_minute_however_often_it_is_used() {
        for (int i = 0; i < 40; i++) {
            assertThat(address()).isEqualTo(FIRST);
            pass(1);
        }
        assertThat(asked).hasValue(1);

        pass(10);
        names = flink -> SECOND;
        await().until(() -> address().equals(SECOND));
        assertThat(asked).hasValue(2);
        assertThat(addresses.lookups()).isEqualTo(2);
    }

    @Test
    void an_address_in_doubt_is_looked_up_before_it_is_used() {
        address();
        pass(3);
        names = flink -> SECOND;
        addresses.doubt(CLUSTER);
        assertThat(address()).isEqualTo(SECOND);
        assertThat(address()).isEqualTo(SECOND);
        assertThat(asked).hasValue(2);
        pass(3);
        names = flink -> FIRST;
        assertThat(addresses.fresh(CLUSTER).join()).isEqualTo(FIRST);
    }

    @Test
    void a_name_that_is_gone_has_no_address_and_is_found_again_at_once() {
        address();
        pass(3);
        names = flink -> Optional.empty();
        addresses.doubt(CLUSTER);
        assertThat(address()).isEmpty();
        names = flink -> SECOND;
        assertThat(address()).isEqualTo(SECOND);
    }

    @Test
    void while_the_name_server_fails_the_last_address_is_used_for_some_minutes() {
        address();
        names = flink -> {
            throw new IllegalStateException("Temporary failure in name resolution");
        };
        pass(60);
        assertThat(address()).isEqualTo(FIRST);
        addresses.doubt(CLUSTER);
        assertThat(address()).isEqualTo(FIRST);
        pass(300);
        assertThat(address()).isEmpty();
    }

    @Test
    void a_name_server_that_hangs_holds_up_neither_known_addresses_nor_more_than_a_few_threads() {
        address();
        var hangs = new CountDownLatch(1);
        names = flink -> {
            try {
                hangs.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return SECOND;
        };
        pass(60);
        int before = Thread.activeCount();
        var waiting = IntStream.range(0, 1000)
                .mapToObj(i -> addresses.of(new FlinkRef("default", "job" + i, 8081)))
                .toList();

        assertThat(address()).isEqualTo(FIRST);
        assertThat(waiting).noneMatch(address -> address.isDone());
        assertThat(Thread.activeCount() - before).isLessThanOrEqualTo(4);

        hangs.countDown();
        assertThat(waiting).allSatisfy(address -> assertThat(address.join()).isEqualTo(SECOND));
    }
}
