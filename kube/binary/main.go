// Command drey-kube is a single-node Kubernetes in one binary.
//
// It looks at the name it was called by (a symbolic link per component) or, failing that, at its first argument.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// commands maps a name to what runs under it. Each finds its arguments in os.Args, after its own name.
var commands = map[string]func(){
	"coredns":                 coreDNS,
	"etcd":                    etcd,
	"helm":                    helm,
	"kube-apiserver":          kubeAPIServer,
	"kube-controller-manager": kubeControllerManager,
	"kube-proxy":              kubeProxy,
	"kube-scheduler":          kubeScheduler,
	"kubectl":                 kubectl,
	"kubelet":                 kubelet,

	"free-ports":  tool(freePorts),
	"has-images":  tool(hasImages),
	"image":       tool(buildImage),
	"main-class":  tool(setMainClass),
	"pki":         tool(writePKI),
	"remove-pods": tool(removePods),
	"volumes":     tool(provisionVolumes),
}

func main() {
	name := filepath.Base(os.Args[0])
	if commands[name] == nil && len(os.Args) > 1 {
		os.Args = os.Args[1:]
		name = os.Args[0]
	}
	run := commands[name]
	if run == nil {
		fmt.Fprintf(os.Stderr, "usage: drey-kube COMMAND ARGUMENTS, with one of the commands %s\n", strings.Join(names(), ", "))
		os.Exit(2)
	}
	run()
}

func names() []string {
	all := make([]string, 0, len(commands))
	for name := range commands {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// tool makes a command of a function of the operands: an error is one line on standard error and exit code 1.
func tool(run func(operands []string) error) func() {
	return func() {
		if err := run(os.Args[1:]); err != nil {
			fmt.Fprintf(os.Stderr, "drey-kube %s: %v\n", os.Args[0], err)
			os.Exit(1)
		}
	}
}
