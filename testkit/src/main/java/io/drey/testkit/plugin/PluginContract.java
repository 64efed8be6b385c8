package io.drey.testkit.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.core.generation.FeatureSet;
import io.drey.testkit.Simulation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What holds for every plugin, checked on its packed jar in the operator's own plugin host. A plugin has one class for it,
 * named {@code *IT} so that it runs when the jar is there:
 *
 * <pre>{@code
 * class PackedPluginIT extends PluginContract {
 *     @Override
 *     protected List<String> contributes() {
 *         return List.of("AdmissionRule TeamLabelRule");
 *     }
 * }
 * }</pre>
 *
 * It shows that the jar names itself and brings no classes of the operator, that it loads beside the plugins that it needs
 * and contributes what it says, that each contribution answers within the operator's deadline, and twice the same where it
 * is to be pure, and that nothing of it is left when it is removed: no class, no thread.
 *
 * <p>It does not show that the answers are the right ones: say that in {@link #use}, and in tests of your classes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
public abstract class PluginContract {
    private PackedPlugin plugin;
    private PluginTrial trial;

    /**
     * What it contributes: extension point and class, as {@code "AdmissionRule TeamLabelRule"}, in any order. A
     * FeaturePolicy, which stands above feature sets, is not among them; it is asked all the same.
     */
    protected abstract List<String> contributes();

    /** Its section of the operator's configuration, {@code plugins.<id>}, as YAML; empty for none. */
    protected String configuration() {
        return "";
    }

    /** The folder in which the packed plugin is, and no other one. */
    protected Path folder() {
        return Path.of("target");
    }

    /**
     * Does something with the plugin while it is loaded. Keep nothing of it: what is kept holds its classes in memory, and
     * the suite fails.
     *
     * @param features all that is in force: its own contributions, and those of plugins that it needs
     */
    protected void use(FeatureSet features) throws Exception {}

    @BeforeAll
    final void live(@TempDir Path files) throws IOException {
        plugin = PackedPlugin.in(folder());
        var section = configuration();
        trial = PluginTrial.of(
                plugin,
                needed(plugin),
                section.isBlank() ? null : Simulation.parse(section),
                features -> {
                    try {
                        use(features);
                    } catch (RuntimeException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new AssertionError("use() failed", e);
                    }
                },
                PluginTrial.Limits.USUAL,
                files);
    }

    /** The jars of those that it cannot do without, and of those that they cannot do without. */
    private static Collection<Path> needed(PackedPlugin plugin) {
        Map<String, Path> jars = new LinkedHashMap<>();
        var open = new ArrayDeque<>(plugin.needs());
        while (!open.isEmpty()) {
            var id = open.pop();
            if (!jars.containsKey(id)) {
                var found = PackedPlugin.onTheClassPath(id)
                        .orElseThrow(() -> new AssertionError("it needs plugin " + id
                                + ", whose jar is not on the class path of the test. Add it as a dependency, scope test or"
                                + " provided"));
                jars.put(id, found.path());
                open.addAll(found.needs());
            }
        }
        return jars.values();
    }

    @Test
    final void itsManifestSaysWhatItIs() {
        assertThat(JarFaults.ofTheManifest(plugin)).as("%s", plugin.path()).isEmpty();
    }

    @Test
    final void nothingIsInTheJarButWhatIsItsOwn() {
        assertThat(JarFaults.ofTheContent(plugin)).as("%s", plugin.path()).isEmpty();
    }

    @Test
    final void itLoadsAndContributesWhatItSays() {
        assertThat(trial.problems()).as("why it is not loaded").isEmpty();
        assertThat(trial.contributions())
                .as("what the plugin contributes, against contributes()")
                .containsExactlyInAnyOrderElementsOf(contributes());
    }

    @Test
    final void itAnswersInTimeAndTwiceTheSame() {
        assertThat(trial.problems()).as("why it is not loaded").isEmpty();
        assertThat(trial.answers()).as("what is wrong with its answers").isEmpty();
    }

    @Test
    final void nothingIsLeftWhenItIsUnloaded() {
        assertThat(trial.problems()).as("why it is not loaded").isEmpty();
        assertThat(trial.left()).as("what is left").isEmpty();
    }
}
