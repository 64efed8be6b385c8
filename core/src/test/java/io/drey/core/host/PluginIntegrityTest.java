package io.drey.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.drey.core.config.ConfigurationFolder;
import io.drey.core.host.PluginHost.Installed;
import io.drey.core.host.PluginHost.Offer;
import io.drey.core.integrity.Integrity;
import io.drey.core.integrity.JarSignature;
import io.drey.core.integrity.KeyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginIntegrityTest {
    private static final CallWatch WATCH = new CallWatch(CallWatch.Limits.within(Duration.ofSeconds(30)));

    @TempDir
    private Path plugins;

    @TempDir
    private Path store;

    private final KeyPair ours = pair();
    private final KeyPair others = pair();
    private Path jar;

    @BeforeEach
    void drop() throws IOException {
        jar = PluginJars.strategy("p", "\"p\"").write(plugins.resolve("p.jar"));
    }

    private static KeyPair pair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Offer offer(Integrity integrity) {
        return new Offer(List.of(plugins), Map.of(), Set.of(), integrity, ConfigurationFolder.NONE);
    }

    private PluginHost host() {
        return new PluginHost(store, "0.1.0", Clock.systemUTC(), WATCH);
    }

    private List<String> loaded(Integrity integrity) {
        try (var host = host()) {
            return host.load(offer(integrity)).stream().map(Installed::id).toList();
        }
    }

    private Integrity keys(String mode) {
        return Integrity.of(mode, List.of(), List.of(KeyText.base64(ours.getPublic())));
    }

    private String sha256() throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar)));
    }

    @Test
    void aJarThatNobodyVouchesForIsRefusedAndWithWarnOnlyNamed() throws Exception {
        assertThatThrownBy(() -> loaded(keys("enforce")))
                .hasMessage("p.jar: nobody vouches for it: there is no p.jar.sig beside it, and its SHA-256 " + sha256()
                        + " is not in drey.plugins.allowed-sha256. Sign it with drey plugins sign, or put its SHA-256 on"
                        + " the list");
        assertThat(loaded(keys("warn"))).containsExactly("p");
        assertThat(loaded(Integrity.OFF)).containsExactly("p");
    }

    @Test
    void nothingOfItIsOpenedBefore() throws IOException {
        Files.writeString(jar, "no jar at all");

        assertThatThrownBy(() -> loaded(keys("enforce")))
                .hasMessageContaining("nobody vouches for it")
                .hasMessageNotContaining("no complete jar");
    }

    @Test
    void aHashOnTheListCounts() throws Exception {
        assertThat(loaded(Integrity.of("ENFORCE", List.of(sha256().toUpperCase(java.util.Locale.ROOT)), List.of())))
                .containsExactly("p");
    }

    @Test
    void aSignatureCountsForThisJarByThisKeyAndLiesBesideIt() throws IOException {
        var sig = JarSignature.of(jar);
        Files.writeString(sig, JarSignature.sign(jar, others.getPrivate()));
        assertThatThrownBy(() -> loaded(keys("enforce")))
                .hasMessageContaining("p.jar.sig is not of this jar, or not by");
        Files.writeString(sig, "garbage\n" + "x".repeat(88));
        assertThatThrownBy(() -> loaded(keys("enforce")))
                .hasMessageContaining("p.jar.sig is not of this jar, or not by");

        Files.writeString(sig, JarSignature.sign(jar, others.getPrivate()) + JarSignature.sign(jar, ours.getPrivate()));
        assertThat(loaded(keys("enforce"))).containsExactly("p");

        PluginJars.strategy("p", "\"q\"").write(jar);
        assertThatThrownBy(() -> loaded(keys("enforce"))).hasMessageContaining("p.jar.sig is not of this jar");
    }

    @Test
    void keysComeFromFilesAndPem() throws IOException {
        Files.writeString(JarSignature.of(jar), JarSignature.sign(jar, ours.getPrivate()));
        var file = Files.writeString(
                store.resolve("keys.pem"), KeyText.pem(others.getPublic()) + KeyText.pem(ours.getPublic()));
        for (var given : List.of(file.toString(), KeyText.pem(ours.getPublic()))) {
            assertThat(loaded(Integrity.of("enforce", List.of(), List.of(given))))
                    .containsExactly("p");
        }
        assertThat(KeyText.privateKey(Files.writeString(store.resolve("key"), KeyText.pem(ours.getPrivate()))))
                .isEqualTo(ours.getPrivate());
    }

    @Test
    void whatIsWrongWithTheSettingsIsToldAtOnceAndNoPrivateKeyIsQuoted() {
        var secret = KeyText.pem(ours.getPrivate());

        assertThatThrownBy(() ->
                        Integrity.of("strict", List.of("abc"), List.of("/no/such/file", secret, "MCowBQYDK2VwAyEAx")))
                .hasMessageContainingAll(
                        "drey.plugins.allowed-sha256: found 'abc', must be 64 hexadecimal digits",
                        "drey.plugins.public-keys, entry 1: /no/such/file cannot be read (NoSuchFileException)",
                        "drey.plugins.public-keys, entry 2: found a PRIVATE KEY, must be a PUBLIC KEY",
                        "drey.plugins.public-keys, entry 3: it is no Ed25519 public key",
                        "drey.plugins.integrity: found 'strict', must be off, warn or enforce")
                .hasMessageNotContaining(KeyText.base64(ours.getPrivate()));
        assertThatThrownBy(() -> Integrity.of("enforce", List.of(), List.of()))
                .hasMessageContaining("nothing that could be enforced");
    }

    @Test
    void whatComesAlongWithTheOperatorIsAsGoodAsTheOperator() throws IOException {
        assertThat(loaded(keys("enforce").trusting(plugins))).containsExactly("p");

        var elsewhere = PluginJars.strategy("q", "\"q\"").write(store.resolve("q.jar"));
        Files.createSymbolicLink(plugins.resolve("q.jar"), elsewhere);

        assertThatThrownBy(() -> loaded(keys("enforce").trusting(plugins)))
                .hasMessageContaining("q.jar: nobody vouches for it");
    }

    @Test
    void aSignatureThatComesLaterLetsTheJarInAndAJarThatIsAtWorkIsJudgedAgain() throws IOException {
        Files.writeString(JarSignature.of(jar), JarSignature.sign(jar, ours.getPrivate()));
        List<String> told = new CopyOnWriteArrayList<>();
        try (var host = host()) {
            host.load(offer(keys("enforce")));
            try (var watch = new PluginWatch(
                    host,
                    () -> offer(keys("enforce")),
                    List::of,
                    new PluginWatch.Listener() {
                        @Override
                        public void changed(List<Installed> now) {
                            told.add("changed " + now.size());
                        }

                        @Override
                        public void refused(List<PluginProblem> problems) {
                            told.add("refused " + problems.getFirst().where());
                        }
                    },
                    Duration.ofMillis(20),
                    new PluginWatch.Retry(Duration.ofMinutes(10), Duration.ofMinutes(10)))) {
                watch.start();
                var second = PluginJars.strategy("q", "\"q\"").write(store.resolve("q.jar"));
                Files.copy(second, plugins.resolve("q.jar"));
                await().until(() -> told.contains("refused q.jar"));
                Files.writeString(plugins.resolve("q.jar.sig"), JarSignature.sign(second, ours.getPrivate()));
                await().until(() -> told.contains("changed 2"));
            }
            assertThatThrownBy(() -> host.change(
                            offer(Integrity.of("enforce", List.of(), List.of(KeyText.base64(others.getPublic()))))))
                    .hasMessageContaining("p.jar.sig is not of this jar, or not by one of the keys");
            assertThat(host.installed()).hasSize(2);
        }
    }
}
