package io.drey.spi.resource.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The CRDs in {@code helm/drey/crds} are made from the records. To make them anew: {@code ./mvnw -q -pl spi test
 * -Dtest=CrdFilesTest -Dcrds.write}.
 */
class CrdFilesTest {
    private static final Path FOLDER = Path.of("../helm/drey/crds");
    private static final int APPLY_LIMIT = 256 * 1024;

    static final List<CrdFile> files = CrdFile.ALL;

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build();

    @BeforeAll
    static void writeThem() throws IOException {
        if (System.getProperty("crds.write") != null) {
            Files.createDirectories(FOLDER);
            for (var file : CrdFile.ALL) {
                Files.writeString(FOLDER.resolve(file.fileName()), text(file));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("files")
    void theCheckedInFileIsWhatTheRecordsGive(CrdFile file) throws IOException {
        assertThat(FOLDER.resolve(file.fileName()))
                .as("%s is stale: ./mvnw -q -pl spi test -Dtest=CrdFilesTest -Dcrds.write", file.fileName())
                .hasContent(text(file));
    }

    private static String text(CrdFile file) throws IOException {
        return "# Made from the records in spi, see CrdFilesTest. Do not edit.\n"
                + YAML.writeValueAsString(file.document(new SourceDocs(Path.of("src/main/java"))));
    }

    /** {@code kubectl apply} keeps the whole in an annotation, which may have 256 KiB. */
    @ParameterizedTest
    @FieldSource("files")
    void isSmallEnoughForKubectlApply(CrdFile file) throws IOException {
        assertThat(Files.size(FOLDER.resolve(file.fileName()))).isLessThan(APPLY_LIMIT / 2);
    }

    @ParameterizedTest
    @CsvSource({
        "flinkdeployments,FlinkDeployment,flinkdeployment,flinkdep,'scale,status','Job Status,Lifecycle State'",
        "flinksessionjobs,FlinkSessionJob,flinksessionjob,sessionjob,status,'Job Status,Lifecycle State'",
        "flinkstatesnapshots,FlinkStateSnapshot,flinkstatesnapshot,flinksnp,status,'Path,Result Timestamp,Snapshot State'",
        "flinkbluegreendeployments,FlinkBlueGreenDeployment,flinkbluegreendeployment,flinkbgdep,status,Job Status"
    })
    void hasTheNamesOfTheContract(
            String plural, String kind, String singular, String shortName, String subresources, String columns)
            throws IOException {
        var crd = checkedIn(plural);
        var version = crd.at("/spec/versions/0");

        assertThat(crd.at("/metadata/name").asText()).isEqualTo(plural + ".flink.apache.org");
        assertThat(crd.at("/spec/group").asText()).isEqualTo("flink.apache.org");
        assertThat(crd.at("/spec/scope").asText()).isEqualTo("Namespaced");
        assertThat(crd.at("/spec/names/kind").asText()).isEqualTo(kind);
        assertThat(crd.at("/spec/names/singular").asText()).isEqualTo(singular);
        assertThat(crd.at("/spec/names/shortNames/0").asText()).isEqualTo(shortName);
        assertThat(crd.at("/spec/versions")).hasSize(1);
        assertThat(version.get("name").asText()).isEqualTo("v1beta1");
        assertThat(version.get("subresources").fieldNames()).toIterable().containsExactly(subresources.split(","));
        assertThat(version.get("additionalPrinterColumns"))
                .filteredOn(column -> column.path("priority").asInt() == 0)
                .extracting(column -> column.get("name").asText())
                .containsExactly(columns.split(","));
    }

    @Test
    void scaleReadsAndWritesTaskManagers() throws IOException {
        var scale = checkedIn("flinkdeployments").at("/spec/versions/0/subresources/scale");

        assertThat(scale.get("specReplicasPath").asText()).isEqualTo(".spec.taskManager.replicas");
        assertThat(scale.get("statusReplicasPath").asText()).isEqualTo(".status.taskManager.replicas");
        assertThat(scale.get("labelSelectorPath").asText()).isEqualTo(".status.taskManager.labelSelector");
    }

    /** Properties and enumeration values that the Apache operator's CRDs have may never vanish. */
    @ParameterizedTest
    @CsvSource({"flinkdeployments", "flinksessionjobs", "flinkstatesnapshots", "flinkbluegreendeployments"})
    @Tag("S411")
    void hasEveryPropertyAndValueOfTheContract(String plural) throws IOException {
        var found = new TreeSet<String>();
        describe("", checkedIn(plural).at("/spec/versions/0/schema/openAPIV3Schema"), found);
        List<String> contract;
        try (var in = getClass().getResourceAsStream(plural + ".contract.txt")) {
            contract = new String(in.readAllBytes())
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
        }

        assertThat(found).containsAll(contract);
    }

    @Test
    void enumerationsAreListedAlphabetically() throws IOException {
        var enumerations = new ArrayList<JsonNode>();
        for (var file : CrdFile.ALL) {
            enumerations.addAll(checkedIn(file.type().plural()).findValues("enum"));
        }

        assertThat(enumerations)
                .isNotEmpty()
                .allSatisfy(values ->
                        assertThat(values).extracting(JsonNode::asText).isSorted());
    }

    /** A line for each property: path, type, and values or what else its schema says. */
    private static void describe(String path, JsonNode schema, Set<String> lines) {
        var line =
                new StringBuilder(path).append(' ').append(schema.path("type").asText("any"));
        schema.path("enum").forEach(value -> line.append(' ').append(value.asText()));
        if (schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            line.append(" preserve");
        }
        lines.add(line.toString().strip());
        schema.path("properties")
                .properties()
                .forEach(property -> describe(path + "." + property.getKey(), property.getValue(), lines));
        if (schema.has("items")) {
            describe(path + "[]", schema.get("items"), lines);
        }
        if (schema.has("additionalProperties")) {
            describe(path + "{}", schema.get("additionalProperties"), lines);
        }
    }

    private JsonNode checkedIn(String plural) throws IOException {
        return YAML.readTree(FOLDER.resolve(plural + ".flink.apache.org-v1.yml").toFile());
    }
}
