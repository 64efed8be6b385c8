package io.drey.core.flink;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/** Receives a body up to a limit, and within a budget that all bodies share. Thread-safe. */
final class LimitedBody implements BodySubscriber<LimitedBody.Received> {
    /**
     * @param status of the response
     * @param cut whether the body was larger than the limit
     */
    record Received(int status, byte[] bytes, boolean cut) {}

    private final int limit;
    private final ByteBudget budget;
    private final CompletableFuture<Received> received = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private @Nullable Subscription subscription;
    private boolean over;
    private volatile int status;
    private volatile int size;

    LimitedBody(int limit, ByteBudget budget) {
        this.limit = limit;
        this.budget = budget;
    }

    /** Receives the body of this response. */
    LimitedBody of(ResponseInfo response) {
        status = response.statusCode();
        return this;
    }

    @Override
    public CompletableFuture<Received> getBody() {
        return received;
    }

    /** Bytes that are held. */
    long size() {
        return size;
    }

    @Override
    public void onSubscribe(Subscription granted) {
        synchronized (this) {
            subscription = granted;
        }
        granted.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        int grown = 0;
        boolean cut = false;
        synchronized (this) {
            if (over) {
                return;
            }
            for (var buffer : buffers) {
                int taken = Math.min(buffer.remaining(), limit - bytes.size());
                var part = new byte[taken];
                buffer.get(part);
                bytes.writeBytes(part);
                grown += taken;
                cut |= buffer.hasRemaining();
            }
            size = bytes.size();
            budget.joins(this);
        }
        budget.grows(grown);
        if (cut) {
            var beginning = new Received(status, taken(), true);
            cancel();
            received.complete(beginning);
        }
    }

    private synchronized byte[] taken() {
        return bytes.toByteArray();
    }

    private synchronized void cancel() {
        if (subscription != null) {
            subscription.cancel();
        }
    }

    /** Gives up this body in favour of others. */
    void drop() {
        cancel();
        received.completeExceptionally(new IOException("the answers under way take too much memory"));
        release();
    }

    /** Gives back what is held. More than once does no harm. */
    void release() {
        int held;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            held = size;
            size = 0;
            bytes.reset();
        }
        budget.releases(this, held);
    }

    @Override
    public void onError(Throwable error) {
        received.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
        received.complete(new Received(status, taken(), false));
    }
}
