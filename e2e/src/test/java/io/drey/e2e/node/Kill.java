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
    JOB_MANAGER("app=" + Counting.NAME + ",component=jobmanager"),
    TASK_MANAGER("app=" + Counting.NAME + ",component=taskmanager"),
    OPERATOR("app.kubernetes.io/name=drey");

    private final String selector;

    Kill(String selector) {
        this.selector = selector;
    }

    /** Kills those that run now, and says how many processes that were. */
    int now() {
        int killed = 0;
        for (var uid : pods("{.items[*].metadata.uid}")) {
            for (var process : processes(uid)) {
                killed += process.destroyForcibly() ? 1 : 0;
            }
        }
        if (this == OPERATOR) {
            // The kubelet waits longer before each restart of one pod; a new pod starts at once.
            tryKubectl("delete", "pod", "-l", selector, "--force", "--grace-period=0", "--wait=false");
        }
        return killed;
    }

    private List<String> pods(String path) {
        return Stream.of(kubectl("get", "pods", "-l", selector, "-o", "jsonpath=" + path)
                        .split(" "))
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private static List<ProcessHandle> processes(String uid) {
        return ProcessHandle.allProcesses()
                .filter(process -> inPod(process.pid(), uid))
                .toList();
    }

    /** Java only: the container ends when it does, and what holds the pod's name spaces is not to be hit. */
    private static boolean inPod(long pid, String uid) {
        var folder = Path.of("/proc", String.valueOf(pid));
        try {
            return Files.readString(folder.resolve("comm")).strip().equals("java")
                    && Files.readString(folder.resolve("cgroup"))
                            .replace('_', '-')
                            .contains(uid);
        } catch (IOException e) {
            return false; // It has ended since.
        }
    }
}
