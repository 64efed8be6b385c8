package io.drey.plugin.listeners;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.drey.plugin.listeners.Answer.Later;
import io.drey.plugin.listeners.Answer.Never;
import io.drey.plugin.listeners.Answer.Taken;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Sends notices to one endpoint over HTTP, one attempt at a time. Has threads of its own until it is closed. */
final class Sender implements AutoCloseable {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int TOO_MANY_REQUESTS = 429;

    private final Endpoint endpoint;
    private final HttpClient client;

    Sender(Endpoint endpoint) {
        this.endpoint = endpoint;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(endpoint.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** Returns within the endpoint's time-out, to which the answer's body counts too. */
    Answer send(Notice notice) throws InterruptedException {
        HttpRequest request;
        try {
            request = request(notice);
        } catch (IOException e) {
            return new Later(String.valueOf(e.getMessage()), Optional.empty());
        }
        var answer = client.sendAsync(request, BodyHandlers.discarding());
        try {
            return answer(answer.get(endpoint.timeout().toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return new Later("no answer within " + endpoint.timeout().toMillis() + " ms", Optional.empty());
        } catch (ExecutionException e) {
            return new Later(text(e.getCause() == null ? e : e.getCause()), Optional.empty());
        } finally {
            answer.cancel(true);
        }
    }

    private static String text(Throwable thrown) {
        var type = thrown.getClass().getSimpleName();
        return thrown.getMessage() == null ? type : type + ": " + thrown.getMessage();
    }

    private HttpRequest request(Notice notice) throws IOException {
        var body = notice.body().toString().getBytes(UTF_8);
        var request = HttpRequest.newBuilder(endpoint.url())
                .header("Content-Type", "application/json")
                .header("User-Agent", "drey")
                .header("X-Drey-Event", notice.type().wire())
                .header("X-Drey-Delivery", notice.id())
                .POST(BodyPublishers.ofByteArray(body));
        if (endpoint.signature().isPresent()) {
            request.header(
                    "X-Drey-Signature-256",
                    "sha256=" + hmac(endpoint.signature().get().read(), body));
        }
        if (endpoint.authorization().isPresent()) {
            authorize(request, endpoint.authorization().get());
        }
        return request.build();
    }

    private static void authorize(HttpRequest.Builder request, SecretFile file) throws IOException {
        var value = file.read();
        try {
            request.header("Authorization", value);
        } catch (IllegalArgumentException e) {
            // Its text quotes the value.
            throw new IOException(file.path() + " has characters that a header cannot have");
        }
    }

    private static String hmac(String secret, byte[] body) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    private static Answer answer(HttpResponse<?> response) {
        int status = response.statusCode();
        return switch (status / 100) {
            case 2 -> new Taken();
            case 3 -> new Never("it answers " + status + ", and redirects are not followed: set url to where it leads");
            case 5 -> new Later("it answers " + status, retryAfter(response));
            default ->
                status == TOO_MANY_REQUESTS
                        ? new Later("it answers " + status, retryAfter(response))
                        : new Never("it answers " + status);
        };
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("\\d{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
