package io.drey.engine;

import io.drey.plugin.upgrades.Scenario;
import io.drey.plugin.upgrades.Stateful;
import java.util.Map;
import java.util.Optional;

/**
 * A spec that the user wants. Its image tells it from all others.
 *
 * @param state {@code running} or {@code suspended}
 * @param overrides parallelism of vertices
 * @param keys more of {@code spec.flinkConfiguration}, each as {@code , key: value}
 * @param path of {@code initialSavepointPath}, with its own nonce
 */
record Wish(
        String image,
        String mode,
        String state,
        Map<String, Integer> overrides,
        String keys,
        Optional<String> path,
        int nonce) {

    void applyTo(Stateful world) {
        world.apply(
                image,
                mode,
                state,
                "jobmanager.scheduler: adaptive" + Scenario.overrides(overrides) + keys,
                path.map(from -> "initialSavepointPath: '" + from + "', savepointRedeployNonce: " + nonce)
                        .orElse(""));
    }

    Wish scaled(Map<String, Integer> to) {
        return new Wish(image, mode, state, to, keys, path, nonce);
    }

    boolean stateless() {
        return mode.equals("stateless");
    }

    boolean runs() {
        return state.equals("running") && !image.contains("invalid") && !image.contains("typo");
    }

    @Override
    public String toString() {
        return image + " " + state + " " + mode + " " + overrides.values() + keys
                + path.map(from -> " from " + from).orElse("");
    }
}
