# shellcheck shell=bash
# Shared by all commands: where things are, progress, the binary, processes.
set -euo pipefail

kube=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${DREY_KUBE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/drey-kube}
kubernetes_version=v1.35.4
helm_version=v4.1.4
link="-s -w -X k8s.io/component-base/version.gitVersion=$kubernetes_version -X helm.sh/helm/v4/internal/version.version=$helm_version"

fail() {
  echo "${0##*/}: $*" >&2
  exit 1
}

[[ $(uname -s) == Linux ]] || fail "a Kubernetes of this kind runs on Linux only."

need_root() { ((EUID == 0)) || fail "only root can run a node: containers, a bridge and mounts need it."; }

# stage TEXT COMMAND...: runs the command and says on standard error how long it took.
stage() {
  local text=$1 begin=$EPOCHREALTIME
  shift
  "$@"
  local micros=$((${EPOCHREALTIME/[.,]/} - ${begin/[.,]/}))
  printf '%5d.%d s  %s\n' $((micros / 1000000)) $((micros / 100000 % 10)) "$text" >&2
}

# wait_for SECONDS TEXT COMMAND...: until the command succeeds.
wait_for() {
  local end=$((SECONDS + $1)) text=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= end)); then
      echo "${0##*/}: $text: not within the time allowed." >&2
      return 1
    fi
    sleep 0.1
  done
}

# lock FILE: one command at a time. What the command starts closes descriptor 9, so the lock ends with the command.
lock() {
  mkdir -p "${1%/*}"
  exec 9>"$1"
  flock -n 9 || { echo "${0##*/}: waiting for another command of the same cluster" >&2 && flock 9; }
}

# build_binary: sets bin to the folder with the binary and a link per component; builds it if its sources or flags are new.
build_binary() {
  local hash
  hash=$(cd "$kube/binary" && { echo "$link" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum; } | sha256sum | cut -c1-16)
  bin=$cache/bin-$hash
  [[ -e $bin/drey-kube ]] || (
    mkdir -p "$cache"
    exec 8>"$cache/build.lock"
    flock 8
    [[ -e $bin/drey-kube ]] || stage "built all of Kubernetes" compile
  )
}

compile() {
  command -v go >/dev/null || fail "Go is needed to build Kubernetes, and is not on the PATH."
  local new=$bin.new log=$cache/build.log watcher status=0
  rm -rf "$new"
  mkdir -p "$new"
  echo "building all of Kubernetes: about 5 minutes the first time, seconds later" >&2
  : >"$log"
  (while sleep 15; do echo "  $(grep -c / "$log") packages compiled (of about 3400)" >&2; done) 8>&- 9>&- &
  watcher=$!
  (
    cd "$kube/binary"
    export CGO_ENABLED=0
    go build -v -trimpath -ldflags "$link" -o "$new/drey-kube" . &&
      go build -trimpath -ldflags "-s -w" -o "$new/pause" ./pause
  ) >>"$log" 2>&1 || status=$?
  kill "$watcher"
  ((status == 0)) || fail "the build failed: $(grep -v -e '^[a-z0-9./-]*$' -e downloading "$log" | head -3)"
  local name
  for name in coredns etcd helm kube-apiserver kube-controller-manager kube-proxy kube-scheduler kubectl kubelet; do
    ln -s drey-kube "$new/$name"
  done
  rm -rf "$bin"
  mv "$new" "$bin"
}

# born PID: the start time of a live process, which with its number tells it from any other; fails if there is none.
born() {
  local stat
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  read -ra stat <<<"${stat##*) }"
  [[ ${stat[0]} != [ZX] ]] && echo "${stat[19]}"
}

# start NAME COMMAND...: in the background, unless it runs. Needs $state; log/NAME.log there takes the output. A variable
# in its environment tells it and its children from all that users run.
start() {
  local name=$1
  shift
  ! running "$name" || return 0
  DREY_KUBE_OWNER=$state setsid "$@" >>"$state/log/$name.log" 2>&1 </dev/null 9>&- &
  echo "$! $(born $!)" >"$state/run/$name"
}

running() {
  local pid time
  { read -r pid time <"$state/run/$1"; } 2>/dev/null && [[ -n $time && $(born "$pid") == "$time" ]]
}

pid_of() { cut -d' ' -f1 "$state/run/$1"; }

# processes: those that start started for $state, and the keepers of containers that these started.
processes() {
  local file pid exe
  for file in $(grep -slzxF "DREY_KUBE_OWNER=$state" /proc/[0-9]*/environ); do
    pid=${file//[^0-9]/}
    exe=$(readlink "/proc/$pid/exe") || continue
    case ${exe% (deleted)} in
      */drey-kube | */containerd | */containerd-shim-runc-v2) echo "$pid" ;;
    esac
  done
}

# end SECONDS PID...: asks the processes to end, kills them after that time.
end() {
  local limit=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000)) pid left
  shift
  kill -TERM "$@" 2>/dev/null || true
  while :; do
    left=()
    for pid in "$@"; do born "$pid" >/dev/null && left+=("$pid"); done
    ((${#left[@]})) || return 0
    ((${EPOCHREALTIME/[.,]/} < limit)) || break
    sleep 0.05
  done
  kill -KILL "${left[@]}" 2>/dev/null || true
  sleep 0.1
}

last_words() { # NAME...: of those of the components that do not run
  local name
  for name in "$@"; do
    running "$name" || { echo "--- $name ended; the end of $state/log/$name.log:" && tail -n 5 "$state/log/$name.log"; } >&2
  done
}
