package io.drey.core.config;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.drey.spi.ResourceKind.ConfigRequest;
import io.drey.spi.config.FlinkConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/**
 * Platform, then the tenant's, then the namespace's defaults, then those of Flink versions from a lowest one up, then of exactly this
 * version, then the resource's own keys.
 */
public final class LayeredFlinkConfigs implements FlinkConfigs {
    private static final String PREFIX = "kubernetes.operator.default-configuration.";
    private static final String NAMESPACE = PREFIX + "namespace.";
    private static final String VERSION = PREFIX + "flink-version.";
    private static final Pattern VERSION_KEY = Pattern.compile("(v(\\d+)_(\\d+))(\\+?)\\.(.+)");
    private static final int MAX_CACHED = 1000;

    private final FlinkConfig platform;
    private final Map<String, FlinkConfig> namespaces = new TreeMap<>();
    private final List<VersionDefaults> versions = new ArrayList<>();
    private final Cache<Asked, FlinkConfig> cache =
            CacheBuilder.newBuilder().maximumSize(MAX_CACHED).build();

    private record Asked(ConfigRequest request, FlinkConfig tenant) {}

    private record VersionDefaults(int order, boolean andNewer, FlinkConfig keys) {}

    /** @param defaults with the scoped keys in it */
    public LayeredFlinkConfigs(FlinkConfig defaults) {
        this.platform = defaults.filter(key -> !key.startsWith(PREFIX));
        Map<String, Map<String, String>> byNamespace = new TreeMap<>();
        Map<String, Map<String, String>> byVersion = new TreeMap<>();
        defaults.values().forEach((key, value) -> {
            if (key.startsWith(NAMESPACE)) {
                var rest = key.substring(NAMESPACE.length());
                int dot = rest.indexOf('.');
                if (dot > 0) {
                    byNamespace
                            .computeIfAbsent(rest.substring(0, dot), name -> new TreeMap<>())
                            .put(rest.substring(dot + 1), value);
                }
            } else if (key.startsWith(VERSION)) {
                var match = VERSION_KEY.matcher(key.substring(VERSION.length()));
                if (match.matches()) {
                    byVersion
                            .computeIfAbsent(match.group(1) + match.group(4), name -> new TreeMap<>())
                            .put(match.group(5), value);
                }
            }
        });
        byNamespace.forEach((name, keys) -> namespaces.put(name, new FlinkConfig(keys)));
        byVersion.forEach((name, keys) -> {
            boolean andNewer = name.endsWith("+");
            order(andNewer ? name.substring(0, name.length() - 1) : name)
                    .ifPresent(order -> versions.add(new VersionDefaults(order, andNewer, new FlinkConfig(keys))));
        });
        // Lowest first, and the exact version after all that are "and newer".
        versions.sort(Comparator.comparing((VersionDefaults version) -> !version.andNewer())
                .thenComparingInt(VersionDefaults::order));
    }

    @Override
    public FlinkConfig effective(ConfigRequest request, FlinkConfig tenant) {
        try {
            return cache.get(new Asked(request, tenant), () -> layer(request, tenant));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private FlinkConfig layer(ConfigRequest request, FlinkConfig tenant) {
        var config = platform.with(tenant).with(namespaces.getOrDefault(request.namespace(), FlinkConfig.EMPTY));
        var wanted = request.flinkVersion().flatMap(LayeredFlinkConfigs::order);
        if (wanted.isPresent()) {
            for (var version : versions) {
                boolean fits = version.andNewer() ? version.order() <= wanted.get() : version.order() == wanted.get();
                if (fits) {
                    config = config.with(version.keys());
                }
            }
        }
        return config.with(request.own());
    }

    private static Optional<Integer> order(String version) {
        var match = Pattern.compile("v(\\d+)_(\\d+)").matcher(version);
        return match.matches()
                ? Optional.of(Integer.parseInt(match.group(1)) * 1000 + Integer.parseInt(match.group(2)))
                : Optional.empty();
    }
}
