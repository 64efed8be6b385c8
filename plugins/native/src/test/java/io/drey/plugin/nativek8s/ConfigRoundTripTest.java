package io.drey.plugin.nativek8s;

import static io.drey.spi.resource.FlinkVersion.V1_19;
import static io.drey.spi.resource.FlinkVersion.V2_0;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drey.plugin.nativek8s.FlinkLoader.Loaded;
import io.drey.spi.config.FlinkConfig;
import io.drey.spi.resource.FlinkVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Configuration files as Flink's own loaders and start scripts read them. {@code -Ddrey.seed=N} tries that seed only. */
class ConfigRoundTripTest {
    private static final int SEEDS = 1000;
    private static final String ARGUMENTS = "$internal.application.program-args";

    private static final List<String> HARD = List.of(
            "a: b",
            "#",
            " # no comment",
            "it's",
            "\"quoted\"",
            "'",
            "''",
            "\"",
            "a;b",
            "a,b:c",
            "[x]",
            "{a: b}",
            "- a",
            "* all",
            "&anchor",
            "!tag",
            "%p",
            "@",
            "`",
            "|",
            ">",
            ">-",
            "? a",
            ": a",
            "a:",
            "~",
            "null",
            "yes",
            "true",
            "False",
            "012",
            "0x1f",
            "1e3",
            "1_000",
            ".5",
            ".inf",
            "2026-01-01",
            "12:30",
            "1600m",
            "50 ms",
            "\\",
            "\\n",
            "$HOME",
            "${x}",
            "=",
            "a=b=c",
            "<html>",
            "\u00e4\u00f6\u00fc",
            "\u4e2d\u6587",
            "\uD83D\uDE00",
            "\u00a0",
            "\u2003x\u2003",
            "\u0001",
            "\u007f",
            "\u0085",
            "\u2028",
            "\ufeff",
            "\t",
            "a\tb",
            "---",
            "...",
            "a  b",
            "  ");
    private static final List<String> BREAKS = List.of(
            "\n", "a\nb", "a\n", "\na", "a\n\n", " a\n b", "a \n b ", "\n\n", "a\r\nb", "\r", "a\n\tb\n", "- a\n- b\n");

    @TempDir
    private Path folder;

    static List<FlinkLoader> loaders() {
        return FlinkLoader.all();
    }

    @ParameterizedTest
    @MethodSource("loaders")
    void any_configuration_reaches_flink(FlinkLoader flink) {
        for (var seed : seeds()) {
            var random = new Random(seed);
            var config = map(random);

            var read = load(flink, ConfigFile.of(new FlinkConfig(config), flink.version()))
                    .values();

            assertThat(read).as("seed %s", seed).isEqualTo(flink.version().isAtLeast(V2_0) ? config : carried(config));
        }
    }

    @ParameterizedTest
    @MethodSource("loaders")
    void any_arguments_reach_the_job_whole_or_are_refused(FlinkLoader flink) {
        for (var seed : seeds()) {
            var arguments = texts(new Random(seed));
            var launch = Launched.of(flink.version(), Map.of())
                    .job(job -> job.toBuilder().args(arguments).build());
            var lost = flink.version().isAtLeast(V2_0)
                    ? Optional.<String>empty()
                    : arguments.stream()
                            .filter(argument -> argument.matches("(?s).*[#\\n\\r].*"))
                            .findFirst();
            if (lost.isPresent()) {
                assertThatThrownBy(launch::written)
                        .as("seed %s", seed)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("spec.job.args[" + arguments.indexOf(lost.get()) + "]: found ")
                        .hasMessageContaining("must have neither # nor line breaks");
                continue;
            }

            assertThat(load(flink, launch.written()).list(ARGUMENTS))
                    .as("seed %s", seed)
                    .isEqualTo(arguments);
        }
    }

    /** Each hard text alone, at the end of a list and in the middle of one; and a long one. */
    @ParameterizedTest
    @MethodSource("loaders")
    void each_hard_text_reaches_flink(FlinkLoader flink) {
        var texts = new ArrayList<>(HARD);
        texts.addAll(BREAKS);
        texts.add("0123456789".repeat(1000));
        for (var text : texts) {
            var config = Map.of("a.b", text, "z.y", "x" + text, "z.z", text + "x");
            assertThat(load(flink, ConfigFile.of(new FlinkConfig(config), flink.version()))
                            .values())
                    .as(text)
                    .isEqualTo(flink.version().isAtLeast(V2_0) ? config : carried(config));
        }
    }

    @ParameterizedTest
    @MethodSource("loaders")
    void options_of_a_jvm_reach_the_start_scripts(FlinkLoader flink) {
        var file = ConfigFile.of(
                new FlinkConfig(Map.of(
                        "env.java.opts.all",
                        "-Dexample.query=x=1,y=2\n  --add-opens=java.base/java.lang=ALL-UNNAMED\n-Da=b\n",
                        "env.java.opts.taskmanager",
                        "\"-Xlog:gc*:file=/tmp/gc-%p.log:time,uptime:filecount=5,filesize=2M -Db=c\" \n",
                        "env.log.max",
                        "5",
                        "env.stdout-err.redirect-to-file",
                        "true",
                        "env.java.home",
                        "/opt/java",
                        "sql.script",
                        "select 1\nenv.java.opts.all: -Dnot=this\n")),
                flink.version());

        var read = new StartScript(flink, load(flink, file), file);

        var all = flink.version().isAtLeast(FlinkVersion.V1_17) ? "env.java.opts.all" : "env.java.opts";
        assertThat(read.value(all))
                .isEqualTo("-Dexample.query=x=1,y=2 --add-opens=java.base/java.lang=ALL-UNNAMED -Da=b");
        assertThat(read.value("env.java.opts.taskmanager"))
                .isEqualTo("-Xlog:gc*:file=/tmp/gc-%p.log:time,uptime:filecount=5,filesize=2M -Db=c");
        assertThat(read.value("env.log.max")).isEqualTo("5");
        assertThat(read.value("env.stdout-err.redirect-to-file")).isEqualTo("true");
        assertThat(read.inFile("env.java.home")).isEqualTo("/opt/java");
    }

    @ParameterizedTest
    @MethodSource("loaders")
    void scripts_find_options_in_a_large_file(FlinkLoader flink) {
        var config = new TreeMap<String, String>();
        for (int i = 0; i < 350; i++) {
            config.put("x.k" + i, "line\n".repeat(i % 2 + 1));
        }
        config.put("env.java.opts.jobmanager", "-Da=b");
        config.put("x.long", "0123456789".repeat(1000));
        var file = ConfigFile.of(new FlinkConfig(config), flink.version());

        assertThat(new StartScript(flink, load(flink, file), file).value("env.java.opts.jobmanager"))
                .isEqualTo("-Da=b");
    }

    @ParameterizedTest
    @MethodSource("loaders")
    void lines_that_scripts_would_not_read_are_refused(FlinkLoader flink) {
        var script = new FlinkConfig(Map.of("sql.script", "line\n".repeat(1100)));
        var config = script.with("env.java.opts.all", "-Da=b");

        assertThat(load(flink, ConfigFile.of(script, flink.version())).values()).hasSize(1);
        if (flink.version().isAtLeast(V2_0)) {
            assertThatThrownBy(() -> ConfigFile.of(config, flink.version()))
                    .hasMessageStartingWith("sql.script: found 1101 lines, and 1102 in the whole configuration");
        } else {
            var file = ConfigFile.of(config, flink.version());
            assertThat(new StartScript(flink, load(flink, file), file).value("env.java.opts.all"))
                    .as("it is one line")
                    .isEqualTo(flink.version().isAtLeast(FlinkVersion.V1_17) ? "-Da=b" : "");
        }
    }

    @ParameterizedTest
    @MethodSource("loaders")
    void entry_classes_are_never_cut(FlinkLoader flink) {
        var launch = Launched.of(flink.version(), Map.of());
        var main = "$internal.application.main";

        assertThat(load(
                                flink,
                                file(
                                        launch.job(job -> job.toBuilder()
                                                .entryClass(Optional.of(" org.example.Main\n"))
                                                .build()),
                                        flink.version()))
                        .values())
                .containsEntry(main, "org.example.Main");
        var odd = launch.job(job ->
                job.toBuilder().entryClass(Optional.of("org.example.Main#1")).build());
        if (flink.version().isAtLeast(V2_0)) {
            assertThat(load(flink, file(odd, flink.version())).values()).containsEntry(main, "org.example.Main#1");
        } else {
            assertThatThrownBy(odd::objects).hasMessageStartingWith("spec.job.entryClass: found # at character 17");
        }
    }

    private Loaded load(FlinkLoader flink, ConfigFile file) {
        try {
            Files.writeString(folder.resolve(file.name()), file.text());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return flink.load(folder);
    }

    private static ConfigFile file(Launched launch, FlinkVersion version) {
        return new ConfigFile(version.isAtLeast(V2_0) ? "config.yaml" : "flink-conf.yaml", launch.file());
    }

    /** What the format of Flink 1.x can carry of these, by its documentation. */
    private static Map<String, String> carried(Map<String, String> config) {
        var carried = new TreeMap<String, String>();
        config.forEach((key, value) -> {
            var line = value.trim()
                    .replaceAll("\\s*[\\r\\n]\\s*", " ")
                    .split("#", 2)[0]
                    .trim();
            if (!line.isEmpty() && key.indexOf('#') < 0) {
                carried.put(key.trim(), line);
            }
        });
        return carried;
    }

    private static List<Long> seeds() {
        var one = Long.getLong("drey.seed");
        return one == null ? IntStream.range(0, SEEDS).mapToLong(i -> i).boxed().toList() : List.of(one);
    }

    private static Map<String, String> map(Random random) {
        var map = new TreeMap<String, String>();
        for (int i = random.nextInt(1, 12); i > 0; i--) {
            var key = new StringBuilder("k" + i);
            for (int names = random.nextInt(4); names > 0; names--) {
                key.append(".")
                        .append(List.of("a", "b-c", "d_e", "f1", "\u00e4", "9", "true")
                                .get(random.nextInt(7)));
            }
            map.put(key.toString(), text(random));
        }
        return map;
    }

    private static List<String> texts(Random random) {
        List<String> texts = new ArrayList<>();
        for (int i = random.nextInt(1, 8); i > 0; i--) {
            texts.add(text(random));
        }
        return texts;
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            switch (random.nextInt(8)) {
                case 0 -> text.append(HARD.get(random.nextInt(HARD.size())));
                case 1 -> text.append(random.nextInt(4) > 0 ? "--x" : BREAKS.get(random.nextInt(BREAKS.size())));
                case 2 -> text.append(" ".repeat(random.nextInt(3)));
                case 3 -> text.append(Character.toString(random.nextInt(0x20, 0x2500)));
                case 4 -> text.append((char) random.nextInt(0x20, 0x7f));
                case 5 -> text.append(random.nextInt());
                case 6 -> text.append("word".repeat(random.nextInt(1, random.nextInt(50) == 0 ? 2500 : 3)));
                default -> text.append("--input s3://b/c");
            }
        }
        return text.toString();
    }

    /** The way in which config.sh gets at values: lines, and no YAML. */
    private record StartScript(List<String> lines, List<String> file) {
        StartScript(FlinkLoader flink, Loaded loaded, ConfigFile file) {
            this(
                    flink.version().isAtLeast(V1_19)
                            ? last(loaded.forScripts().stream()
                                    .flatMap(String::lines)
                                    .toList())
                            : file.text().lines().toList(),
                    file.text().lines().toList());
        }

        private static List<String> last(List<String> lines) {
            return lines.subList(Math.max(0, lines.size() - 1000), lines.size());
        }

        String value(String key) {
            return of(lines, key);
        }

        String inFile(String key) {
            return of(file, key);
        }

        private static String of(List<String> lines, String key) {
            return lines.stream()
                    .filter(line -> line.startsWith(key + ":"))
                    .map(line -> line.substring(key.length() + 1).strip())
                    .reduce("", (one, later) -> later);
        }
    }
}
