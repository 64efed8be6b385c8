package io.drey.core.host;

import java.util.List;
import java.util.stream.Collectors;

/** A set of plugins that cannot be used, with all reasons at once. */
public final class PluginProblems extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<PluginProblem> problems;

    PluginProblems(List<PluginProblem> problems) {
        super(problems.stream().map(PluginProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** All of them. */
    public List<PluginProblem> problems() {
        return problems;
    }
}
