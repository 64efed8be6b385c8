package io.drey.spi.resource;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * The names of a kind of custom resource.
 *
 * @param group for example {@code flink.apache.org}
 * @param version for example {@code v1beta1}
 * @param kind for example {@code FlinkDeployment}
 * @param plural as in paths of the API, for example {@code flinkdeployments}
 * @param shortNames for {@code kubectl}
 * @param finalizer that keeps a resource until its deletion was carried out; empty for a kind that has nothing to clean
 *     up
 */
public record ResourceType(
        String group, String version, String kind, String plural, List<String> shortNames, Optional<String> finalizer) {
    /** The API group of Flink's resources. */
    public static final String FLINK_GROUP = "flink.apache.org";

    public ResourceType {
        requireNonNull(group, "group");
        requireNonNull(version, "version");
        requireNonNull(kind, "kind");
        requireNonNull(plural, "plural");
        shortNames = Copies.of(shortNames);
        requireNonNull(finalizer, "finalizer");
    }

    static ResourceType flink(String kind, String plural, List<String> shortNames) {
        return new ResourceType(
                FLINK_GROUP,
                "v1beta1",
                kind,
                plural,
                shortNames,
                Optional.of(plural + "." + FLINK_GROUP + "/finalizer"));
    }

    /** The same kind, with nothing to clean up. */
    ResourceType withoutFinalizer() {
        return new ResourceType(group, version, kind, plural, shortNames, Optional.empty());
    }

    /** Group and version as a resource names them: {@code flink.apache.org/v1beta1}. */
    public String apiVersion() {
        return group + "/" + version;
    }

    /** Name of its definition: {@code flinkdeployments.flink.apache.org}. */
    public String crdName() {
        return plural + "." + group;
    }
}
