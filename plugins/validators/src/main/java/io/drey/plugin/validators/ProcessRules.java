package io.drey.plugin.validators;

import io.drey.spi.AdmissionRule.Violation;
import io.drey.spi.resource.Quantity;
import io.drey.spi.resource.Resource;
import io.drey.spi.resource.ResourceRequirements;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Memory and CPU of JobManagers or TaskManagers.
 *
 * @param process {@code jobManager} or {@code taskManager}, as the spec spells it
 * @param memoryKeys sets of Flink's keys, each of which is enough for Flink to compute its memory from
 */
record ProcessRules(String process, List<List<String>> memoryKeys) {
    private static final String MEMORY = "memory";
    private static final String CPU = "cpu";

    List<Violation> check(Candidate candidate, Optional<Resource> resource, Optional<ResourceRequirements> resources) {
        var found = new ArrayList<Violation>();
        if (!hasMemory(candidate, resource, resources)) {
            found.add(Violation.of(
                    "spec." + process + ".resources",
                    "The memory of the " + process + " is not defined",
                    "Set spec." + process + ".resources.requests.memory, or "
                            + memoryKeys.getFirst().getFirst() + " in spec.flinkConfiguration"));
        }
        resource.ifPresent(r -> found.addAll(legacy(r)));
        resources.ifPresent(r -> found.addAll(requirements(r)));
        return found;
    }

    private boolean hasMemory(
            Candidate candidate, Optional<Resource> resource, Optional<ResourceRequirements> resources) {
        return resource.flatMap(Resource::memory).isPresent()
                || resources
                        .filter(r ->
                                r.requests().containsKey(MEMORY) || r.limits().containsKey(MEMORY))
                        .isPresent()
                || memoryKeys.stream()
                        .anyMatch(keys -> keys.stream()
                                .allMatch(
                                        key -> candidate.firstSet(List.of(key)).isPresent()));
    }

    private List<Violation> legacy(Resource resource) {
        var field = "spec." + process + ".resource.";
        var found = new ArrayList<Violation>();
        resource.memory()
                .filter(text -> Quantity.bytes(text).isEmpty())
                .ifPresent(text -> found.add(Violation.of(
                        field + MEMORY,
                        "Found '" + text + "', which is no amount of memory",
                        "Write it like 2048m, 2g or 2Gi")));
        resource.ephemeralStorage()
                .filter(text -> Quantity.parse(text).isEmpty())
                .ifPresent(text -> found.add(Violation.of(
                        field + "ephemeralStorage",
                        "Found '" + text + "', which is no quantity",
                        "Write it like 2Gi")));
        return found;
    }

    private List<Violation> requirements(ResourceRequirements resources) {
        var field = "spec." + process + ".resources.";
        var found = new ArrayList<Violation>();
        resources
                .requests()
                .forEach((name, text) ->
                        amount(field + "requests." + name, name, text).ifPresent(found::add));
        resources
                .limits()
                .forEach((name, text) ->
                        amount(field + "limits." + name, name, text).ifPresent(found::add));
        for (var name : List.of(CPU, MEMORY)) {
            var request = Optional.ofNullable(resources.requests().get(name)).flatMap(text -> parse(name, text));
            var limit = Optional.ofNullable(resources.limits().get(name)).flatMap(text -> parse(name, text));
            if (request.isPresent() && limit.isPresent() && request.get().compareTo(limit.get()) > 0) {
                found.add(Violation.of(
                        field + "requests." + name,
                        "Found " + resources.requests().get(name) + ", must not be more than the limit, "
                                + resources.limits().get(name),
                        "Raise the limit or lower the request"));
            }
        }
        return found;
    }

    private static Optional<Violation> amount(String field, String name, String text) {
        var amount = parse(name, text);
        var mayBeZero = !name.equals(CPU) && !name.equals(MEMORY);
        if (amount.filter(n -> n.signum() > 0 || mayBeZero && n.signum() == 0).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(Violation.of(
                field,
                "Found '" + text + "', must be a quantity " + (mayBeZero ? "of 0 or more" : "above 0"),
                "Write it like " + (name.equals(CPU) ? "500m or 1" : "2Gi")));
    }

    private static Optional<BigDecimal> parse(String name, String text) {
        return name.equals(MEMORY) ? Quantity.bytes(text) : Quantity.parse(text);
    }
}
