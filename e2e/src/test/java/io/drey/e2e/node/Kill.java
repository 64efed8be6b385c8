package io.drey.e2e.node;

import static io.drey.e2e.node.Node.kubectl;
import static io.drey.e2e.node.Node.tryKubectl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@code kill -9} of what runs in a pod: the node is this machine, and its containers are processes of it. */
enum Kill {
    JOB_MANAGER("app=" + Counting.NAME + ",component=jobmanager", "ClusterEntrypoint"),
    TASK_MANAGER("app=" + Counting.NAME + ",component=taskmanager", "TaskExecutorRunner"),
    /** The one that leads: the other one takes over. */
    OPERATOR("app.kubernetes.io/name=drey", "drey.jar");

    private final String selector;
    private final String program;

    Kill(String selector, String program) {
        this.selector = selector;
        this.program = program;
    }

    /** Kills those that run now, and says how many processes that were. */
    int now() {
        var name = this == OPERATOR
                ? "metadata.name=" + kubectl("get", "lease", "drey", "-o", "jsonpath={.spec.holderIdentity}")
                : "";
        int killed = 0;
        for (var uid : pods(name)) {
            for (var process : processes(uid)) {
                killed += process.destroyForcibly() ? 1 : 0;
            }
        }
        if (this == OPERATOR) {
            // The kubelet waits longer before each restart of one pod; a new pod starts at once.
            tryKubectl("delete", "pod", "--field-selector", name, "--force", "--grace-period=0", "--wait=false");
        }
        return killed;
    }

    private List<String> pods(String fields) {
        return Stream.of(kubectl(
                                "get",
                                "pods",
                                "-l",
                                selector,
                                "--field-selector=" + fields,
                                "-o",
                                "jsonpath={.items[*].metadata.uid}")
                        .split(" "))
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private List<ProcessHandle> processes(String uid) {
        return ProcessHandle.allProcesses()
                .filter(process -> inPod(process.pid(), uid))
                .toList();
    }

    /**
     * The program only: the container ends when it does. What holds the pod's name spaces is not to be hit, nor the Java that
     * Flink's scripts ask for options before: without an answer they start Flink without any.
     */
    private boolean inPod(long pid, String uid) {
        var folder = Path.of("/proc", String.valueOf(pid));
        try {
            return Files.readString(folder.resolve("comm")).strip().equals("java")
                    && Files.readString(folder.resolve("cmdline")).contains(program)
                    && Files.readString(folder.resolve("cgroup"))
                            .replace('_', '-')
                            .contains(uid);
        } catch (IOException e) {
            return false; // It has ended since.
        }
    }
}
