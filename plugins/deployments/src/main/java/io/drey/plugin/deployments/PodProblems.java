package io.drey.plugin.deployments;

import io.drey.spi.fact.FactType;
import java.util.List;

/** What keeps the pods of a cluster from their work, of JobManagers first. */
record PodProblems(List<PodProblem> found) {
    static final FactType<PodProblems> TYPE = new FactType<>("pod-problems", PodProblems.class);

    PodProblems {
        found = List.copyOf(found);
    }
}
