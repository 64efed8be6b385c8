package io.drey.testkit.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drey.testkit.plugin.PluginTrial.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The contract is worth what it finds: each of these plugins breaks it in one way. */
@Timeout(180)
class PluginTrialTest {
    private static final String GATE = """
            public static final class Shut implements Gate {
                public Optional<Hold> check(Proposal.Start start, Situation situation) { %s }
            }
            """;
    private static final Limits SHORT = new Limits(Duration.ofMillis(500), Duration.ofSeconds(5));

    @TempDir
    private Path jars;

    @TempDir
    private Path files;

    private PluginTrial trial(Made made) throws IOException {
        return PluginTrial.of(made.pack(jars), List.of(), null, features -> {}, SHORT, files);
    }

    private static Made gate(String body) {
        return Made.plugin(".gate(Shut.class)", GATE.formatted(body));
    }

    @Test
    void aGoodPluginHasNoFaults() throws IOException {
        var made = gate("return Optional.empty();");

        var trial = trial(made);

        assertThat(trial).isEqualTo(new PluginTrial(List.of(), List.of("Gate Shut"), List.of(), List.of()));
        var packed = made.pack(jars);
        assertThat(JarFaults.ofTheManifest(packed)).isEmpty();
        assertThat(JarFaults.ofTheContent(packed)).isEmpty();
    }

    @Test
    void aPluginThatDoesNotLoadSaysWhy() throws IOException {
        assertThat(trial(Made.plugin(".gate(null)", "")).problems())
                .singleElement()
                .asString()
                .startsWith("plugin made: ");
    }

    @Test
    void anAnswerThatIsLateIsFound() throws IOException {
        var slow = gate("long end = System.nanoTime() + 60_000_000_000L;"
                + " while (System.nanoTime() < end && !Thread.currentThread().isInterrupted()) Thread.onSpinWait();"
                + " return Optional.empty();");

        assertThat(trial(slow).answers())
                .anyMatch(fault -> fault.contains("Shut.check") && fault.contains("took longer than 0.5 s"));
    }

    @Test
    void anAnswerThatVariesIsFound() throws IOException {
        var moody = gate("return Optional.of(new Hold(\"at \" + System.nanoTime(), Duration.ZERO));");

        assertThat(trial(moody).answers())
                .allSatisfy(fault -> assertThat(fault).contains("Shut.check: it is to be pure"))
                .isNotEmpty();
    }

    @Test
    void anExceptionAndNullAreNoAnswers() throws IOException {
        assertThat(trial(gate("throw new IllegalStateException(\"not my kind\");"))
                        .answers())
                .singleElement()
                .asString()
                .contains("Shut.check", "IllegalStateException: not my kind");
    }

    @Test
    void nullIsNoAnswer() throws IOException {
        assertThat(trial(gate("return null;")).answers()).containsExactly("p.Entry$Shut.check: it answers null");
    }

    @Test
    void classesThatSomethingHoldsAreFound() throws IOException {
        // A value that hangs on a class of the JDK: nobody can take it away again.
        var hoarder = gate("HELD.get(Object.class); return Optional.empty(); }"
                + " static final ClassValue<Object> HELD = new ClassValue<>() {"
                + " protected Object computeValue(Class<?> type) { return new Object[] {getClass()}; } };"
                + " Object none() { return null;");

        assertThat(trial(hoarder).left()).anyMatch(fault -> fault.startsWith("something holds its classes"));
    }

    @Test
    void aThreadThatItLeavesIsFound() throws IOException {
        var busy = gate(
                "START.run(); return Optional.empty(); }"
                        + " static final Runnable START = () -> {"
                        + "   if (Thread.getAllStackTraces().keySet().stream().noneMatch(one -> one.getName().equals(\"made-thread\")))"
                        + "     new Thread(Shut::sleep, \"made-thread\").start(); };"
                        + " static void sleep() { try { Thread.sleep(1_000_000); } catch (InterruptedException e) { return; } } Object none() { return null;");

        assertThat(trial(busy).left()).anyMatch(fault -> fault.contains("left thread made-thread behind"));
    }

    @Test
    void whatTheJarBringsAndShouldNotIsFound() throws IOException {
        var packed = gate("return Optional.empty();")
                .with("META-INF/SIGNER.SF", "")
                .with("io/drey/spi/Gate.class", "")
                .with("lib/jackson-databind-2.0.0.jar", "")
                .with("other.jar", "")
                .pack(jars);

        assertThat(JarFaults.ofTheContent(packed))
                .hasSize(4)
                .anyMatch(fault -> fault.startsWith("META-INF/SIGNER.SF is left of a signed library"))
                .anyMatch(fault -> fault.startsWith("io/drey/spi/Gate.class is there"))
                .anyMatch(fault -> fault.startsWith("lib/jackson-databind-2.0.0.jar is there"))
                .anyMatch(fault -> fault.startsWith("other.jar will not be seen"));
    }

    @Test
    void aManifestThatSaysTooLittleIsFound() throws IOException {
        var packed = gate("return Optional.empty();")
                .manifest("Plugin-Version: 1\nPlugin-Requires: *\n")
                .with("META-INF/services/io.drey.spi.FeaturePlugin", "p.Entry\np.Other # the second\n")
                .pack(jars);

        assertThat(JarFaults.ofTheManifest(packed))
                .extracting(fault -> fault.replaceFirst("[.] .*", ""))
                .containsExactly(
                        "Plugin-Id is missing",
                        "Plugin-Version is '1'",
                        "Plugin-Requires is '*'",
                        "META-INF/services/io.drey.spi.FeaturePlugin names [p.Entry, p.Other]",
                        "the entry p.Other is not in the jar");
    }

    @Test
    void theJarIsLookedForAndTheWayToGetItIsSaid() throws IOException {
        assertThatThrownBy(() -> PackedPlugin.in(jars.resolve("target")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("found []. Run the suite after the phase package");
        var first = gate("return Optional.empty();").pack(jars);
        Files.writeString(jars.resolve("notes.txt"), "no jar");
        assertThat(PackedPlugin.in(jars).path()).isEqualTo(first.path());
        gate("return Optional.empty();").pack(jars);
        assertThatThrownBy(() -> PackedPlugin.in(jars)).hasMessageContaining("found [");
    }

    @Test
    void whatItNeedsIsReadFromTheManifest() throws IOException {
        var packed = gate("return Optional.empty();")
                .manifest("Plugin-Id: made\nPlugin-Dependencies: upgrades, metrics@>=0.1.0 & <0.2.0, extra?@1.0.0\n")
                .pack(jars);

        assertThat(packed.needs()).containsExactly("upgrades", "metrics");
    }
}
