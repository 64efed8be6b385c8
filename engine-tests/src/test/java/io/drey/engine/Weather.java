package io.drey.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.core.port.KubernetesError;
import io.drey.testkit.Crash;
import io.drey.testkit.Faults;
import io.drey.testkit.Faults.Disturbance;
import java.time.Instant;
import java.util.Optional;

/** What goes wrong between the operator and the API server, all of it at once. Not thread-safe. */
final class Weather implements Disturbance {
    /** Effects that are refused. */
    int refusals;

    int refusalCode;
    boolean refusedAfterTheEffect;
    /** Effects whose requests arrive later than the operator waits. */
    int lateRequests;

    int failingReads;
    int readCode;
    boolean forbidden;
    /** The API server's policy, as long as it refuses launches. */
    Optional<Policy> policy = Optional.empty();

    /** Whether the namespace is going. */
    boolean terminating;
    /** Effects until the operator is paused; negative for never. */
    int pauseIn = -1;

    Runnable whilePaused = () -> {};

    /** Happens before each effect. */
    Runnable meanwhile = () -> {};

    private Optional<String> resumedFor = Optional.empty();
    private boolean paused;

    void clear() {
        refusals = 0;
        lateRequests = 0;
        failingReads = 0;
        forbidden = false;
        policy = Optional.empty();
        pauseIn = -1;
        resumedFor = Optional.empty();
    }

    /** A policy that refuses Deployments, also where one is only tried: with which code, and since when. */
    record Policy(int code, Instant since) {
        Optional<KubernetesError> refusal(JsonNode object) {
            return object.path("kind").asText().equals("Deployment")
                    ? Optional.of(new KubernetesError(code, "denied the request: not allowed by policy"))
                    : Optional.empty();
        }
    }

    private static boolean kubernetes(String what) {
        return !what.matches("(cancel|stop|rescale) .*");
    }

    @Override
    public void around(String what, boolean happened) {
        if (!happened) {
            meanwhile.run();
        }
        if (!happened && pauseIn >= 0 && pauseIn-- == 0) {
            paused = true;
            whilePaused.run();
            paused = false;
            resumedFor = Optional.of(what);
        }
        if (happened && !paused && resumedFor.filter(what::equals).isPresent()) {
            resumedFor = Optional.empty();
            throw lostTheLease(what);
        }
        if (!kubernetes(what)) {
            return;
        }
        if (!happened && forbidden) {
            throw new KubernetesError(403, "forbidden: the operator has no role in this namespace");
        }
        if (!happened && terminating && what.startsWith("create ")) {
            throw new KubernetesError(
                    403, "forbidden: unable to create new content in a namespace that is being terminated");
        }
        // A refusal is never the answer to something that has happened, a lost or broken answer may be.
        boolean after = refusedAfterTheEffect && (refusalCode == 0 || refusalCode >= 500);
        if (refusals > 0 && happened == after) {
            refusals--;
            throw new KubernetesError(refusalCode, "in the test");
        }
    }

    private static Crash lostTheLease(String what) {
        return Faults.crash("after " + what + ", for which it was paused: another one leads");
    }

    @Override
    public void reads(String what) {
        if (forbidden) {
            throw new KubernetesError(403, "forbidden: the operator has no role in this namespace");
        }
        if (failingReads > 0) {
            failingReads--;
            throw new KubernetesError(readCode, "in the test");
        }
    }

    @Override
    public boolean late(String what) {
        return kubernetes(what) && !what.startsWith("event ") && lateRequests-- > 0;
    }
}
