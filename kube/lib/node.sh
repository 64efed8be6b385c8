# shellcheck shell=bash
# A whole node: container runtime, network, control plane, kubelet. One per machine.

node_state=/var/lib/drey-kube
node_run=/run/drey-kube
node_lock=/run/lock/drey-kube
node_name=drey
node_address=198.18.64.1
pod_network=198.18.64.0/24
bridge=drey0
export NO_PROXY=${NO_PROXY-${no_proxy-}},198.18.0.0/15 # No proxy knows the way.
pause_image=drey.local/pause:1
components=(containerd etcd kube-apiserver kube-controller-manager kube-scheduler kube-proxy coredns volumes kubelet)
# A command of a package, and the package.
packages=(containerd:containerd runc:runc mmdebstrap:mmdebstrap iptables:iptables nft:nftables conntrack:conntrack
  socat:socat openssl:openssl unzip:unzip ip:iproute2 mount:mount /usr/lib/cni/bridge:containernetworking-plugins)

containers() { ctr --address "$node_run/containerd.sock" --namespace k8s.io "$@"; }

# import_images FILE|-: one at a time. Two at once that have layers in common disturb each other: one unpacks upon a layer that the
# other one's garbage collection has just taken. What fails all the same is tried again, as far as it can be read again.
import_images() {
  (
    flock 7
    containers images import "$1" || { [[ $1 != - ]] && containers images import "$1"; }
  ) 7>"$node_run/import.lock"
}

node_kubectl() { "$bin/kubectl" --kubeconfig="$node_state/kubeconfig" "$@"; }

# node_binary: sets bin to the folder that the running node was started from; fails if there is none.
node_binary() { bin=$(readlink "$node_state/config/binary") && [[ -e $bin/drey-kube ]] && running containerd; }

node_ready() {
  [[ $(node_kubectl get node "$node_name" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}') == True ]] &&
    node_kubectl get serviceaccount default
}

node_up() {
  install_packages
  build_binary
  if [[ -d $state/etcd && ! -e $state/pki/ready ]]; then
    echo "an earlier down was cut short: finishing it" >&2
    node_down
  fi
  local name all=true
  for name in "${components[@]}"; do running "$name" || all=false; done
  if $all && network_up && node_ready >/dev/null 2>&1; then
    echo "nothing to do" >&2
    return
  fi
  end_strays
  local old=false
  [[ ! -d $state/etcd ]] || old=true
  if ! node_start; then
    last_words "${components[@]}"
    $old || fail "the node does not start; see $state/log."
    echo "what an earlier run left cannot be repaired: starting afresh" >&2
    node_down
    node_start || fail "the node does not start; see $state/log."
  fi
}

# end_strays: ends components that no pid file knows, but not the keepers of containers, which a repaired node takes over.
end_strays() {
  local pid file known strays=()
  known=" $(for file in "$state"/run/*; do [[ ! -e $file ]] || cut -d" " -f1 "$file"; done | tr "\n" " ")"
  for pid in $(processes); do
    [[ $known == *" $pid "* || $(readlink "/proc/$pid/exe") == *shim* ]] || strays+=("$pid")
  done
  ((${#strays[@]} == 0)) || end 1 "${strays[@]}"
}

install_packages() {
  local each missing=()
  for each in "${packages[@]}"; do command -v "${each%:*}" >/dev/null || missing+=("${each#*:}"); done
  ((${#missing[@]})) || return 0
  command -v apt-get >/dev/null || fail "these packages are missing: ${missing[*]}."
  stage "installed ${missing[*]}" apt_install "${missing[@]}"
}

apt_install() {
  apt-get update -qq >&2
  # The packages must not start a runtime of their own.
  local policy=/usr/sbin/policy-rc.d mine=false status=0
  [[ -e $policy ]] || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && mine=true; }
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" 9>&- >&2 || status=$?
  ! $mine || rm "$policy"
  return $status
}

# Every step below leaves alone what is there already: together they make a node, and repair one.
node_start() {
  if [[ ! -e $state/pki/ready ]]; then
    rm -rf "$state/etcd" "$state/pki" "$state/log" "$state/audit.log"
  fi
  mkdir -p "$state/log" "$state/run" "$state/config" "$node_run"
  ln -sfn "$bin" "$state/config/binary"
  [[ -e $state/tables ]] || nft list tables >"$state/tables"
  stage "network and cgroups" node_surroundings && stage "container runtime" node_runtime &&
    stage "API server" node_control_plane && stage "node Ready" node_agents
}

node_surroundings() {
  network_up || {
    ip link show "$bridge" >/dev/null 2>&1 || ip link add "$bridge" type bridge
    ip address replace "$node_address/${pod_network#*/}" dev "$bridge"
    ip link set "$bridge" up
    # The machine reaches services over the bridge, whatever its other routes are.
    ip route replace "$service_network" dev "$bridge" src "$node_address"
    render firewall.nft | nft -f -
  }
  if [[ $(</proc/sys/net/ipv4/ip_forward) == 0 ]]; then
    touch "$state/forwarding-was-off"
    echo 1 >/proc/sys/net/ipv4/ip_forward
  fi
  local controller file
  for controller in $(cgroups); do
    mkdir -p "$controller/drey-kube"
    [[ ! -e $controller/cpuset.cpus ]] || for file in cpuset.cpus cpuset.mems; do
      cat "$controller/$file" >"$controller/drey-kube/$file"
    done
  done
}

network_up() {
  [[ $(ip -o address show dev "$bridge" 2>/dev/null) == *" $node_address/"* && -n $(ip route show "$service_network" dev "$bridge") ]] &&
    nft list table inet drey-kube >/dev/null 2>&1
}

cgroups() { awk '$3 == "cgroup" || $3 == "cgroup2" {print $2}' /proc/self/mounts; }

# render NAME: a file of config/ with this machine's paths and addresses.
render() {
  sed -e "s|@STATE@|$state|g" -e "s|@RUN@|$node_run|g" -e "s|@ADDRESS@|$node_address|g" -e "s|@BRIDGE@|$bridge|g" \
    -e "s|@NETWORK@|$pod_network|g" -e "s|@PAUSE@|$pause_image|g" "$kube/config/$1"
}

node_runtime() {
  render containerd.toml >"$state/config/containerd.toml"
  mkdir -p "$state/config/cni" "$state/config/registries/_default"
  cp "$kube/config/registry.toml" "$state/config/registries/_default/hosts.toml"
  render network.conflist >"$state/config/cni/10-drey.conflist"
  start containerd containerd --config "$state/config/containerd.toml"
  wait_for 20 "containerd" containers version || return
  if ! containers images check -q "name==$pause_image" | grep -q .; then
    local layer=$state/config/pause.tar
    tar -C "$bin" --owner=0 --group=0 -cf "$layer" pause
    "$bin/drey-kube" image -name "$pause_image" -entrypoint /pause -user 65534 "$layer" | import_images - >/dev/null
    rm "$layer"
  fi
  # A new cluster knows nothing of the pods of an old one.
  [[ -e $state/pki/ready ]] || "$bin/drey-kube" remove-pods "$node_run/containerd.sock"
}

node_control_plane() {
  if [[ ! -e $state/pki/ready ]]; then
    "$bin/drey-kube" pki "$state/pki" "https://$node_address:6443" "$node_name" "$node_address" "${service_hosts[@]}"
    cp "$state/pki/admin.kubeconfig" "$state/kubeconfig"
    touch "$state/pki/ready"
  fi
  start_etcd 12379 12380
  start_apiserver 6443 12379 --bind-address="$node_address" --advertise-address="$node_address" \
    --enable-admission-plugins=NodeRestriction --kubelet-preferred-address-types=InternalIP \
    --kubelet-certificate-authority="$state/pki/ca.crt" \
    --kubelet-client-certificate="$state/pki/apiserver-kubelet-client.crt" \
    --kubelet-client-key="$state/pki/apiserver-kubelet-client.key" --audit-log-maxsize=200 --audit-log-maxbackup=1
  wait_for 40 "the API server" api_ready_or_dead && running etcd && running kube-apiserver
}

node_agents() {
  local pki=$state/pki name
  for name in kube-controller-manager kube-scheduler; do
    local flags=(--kubeconfig="$pki/$name.kubeconfig" --authentication-kubeconfig="$pki/$name.kubeconfig"
      --authorization-kubeconfig="$pki/$name.kubeconfig" --leader-elect=false --bind-address=127.0.0.1
      --kube-api-qps=100 --kube-api-burst=200)
    [[ $name == kube-scheduler ]] || flags+=(--use-service-account-credentials --root-ca-file="$pki/ca.crt"
      --service-account-private-key-file="$pki/service-accounts.key"
      --cluster-signing-cert-file="$pki/ca.crt" --cluster-signing-key-file="$pki/ca.key")
    start "$name" "$bin/$name" "${flags[@]}"
  done
  render kubelet.yaml >"$state/config/kubelet.yaml"
  start kubelet "$bin/kubelet" --config="$state/config/kubelet.yaml" --kubeconfig="$pki/kubelet.kubeconfig" \
    --root-dir="$state/kubelet" --hostname-override="$node_name" --node-ip="$node_address"
  start kube-proxy "$bin/kube-proxy" --kubeconfig="$pki/kube-proxy.kubeconfig" --hostname-override="$node_name" \
    --proxy-mode=nftables --masquerade-all --conntrack-max-per-core=0 \
    --healthz-bind-address=127.0.0.1:10256 --metrics-bind-address=127.0.0.1:10249
  render Corefile >"$state/config/Corefile"
  start coredns "$bin/coredns" -conf "$state/config/Corefile"
  start volumes "$bin/drey-kube" volumes "$pki/volumes.kubeconfig" drey.local/folder "$state/volumes"
  render cluster.yaml | node_kubectl apply --server-side --force-conflicts -f - >/dev/null
  wait_for 60 "the node" node_ready || return
  for name in "${components[@]}"; do running "$name" || return; done
}

node_down() {
  # First of all: wherever this is cut short, the cluster counts as gone, and the next up does not repair it.
  rm -f "$state/pki/ready"
  local name
  # The kubelet first, or it starts pods anew; nothing of the cluster is kept, so nobody need write anything down.
  for name in kubelet volumes kube-proxy kube-scheduler kube-controller-manager coredns; do
    ! running "$name" || kill -KILL "$(pid_of "$name")" 2>/dev/null || true
  done
  ! node_binary || timeout 20 "$bin/drey-kube" remove-pods "$node_run/containerd.sock" || true
  # shellcheck disable=SC2046
  end 1 $(processes)
  remove_cgroups
  local mount
  for mount in $(awk '{print $2}' /proc/self/mounts | grep -e "^$node_state/" -e "^$node_run/" | sort -r); do
    # One that went with another is no reason to leave the rest; one that stays is, for rm below, a reason to fail.
    umount "$mount" 2>/dev/null || umount --lazy "$mount" 2>/dev/null || true
  done
  remove_network
  rm -rf --one-file-system "${state:?}"/{etcd,pki,run,config,kubelet,volumes,pods,kubeconfig,tables} "$node_run"
  rmdir /var/log/containers /var/lib/cni/results /var/lib/cni 2>/dev/null || true
}

remove_cgroups() {
  local controller
  for controller in $(cgroups); do
    [[ -d $controller/drey-kube ]] || continue
    # shellcheck disable=SC2038
    find "$controller/drey-kube" -name cgroup.procs -exec cat {} + | xargs -r kill -KILL 2>/dev/null || true
  done
  for controller in $(cgroups); do
    [[ -d $controller/drey-kube ]] || continue
    wait_for 3 "the end of the containers of $controller" remove_cgroup "$controller/drey-kube" || true
  done
}

remove_cgroup() { find "$1" -depth -type d -exec rmdir {} \; 2>/dev/null; [[ ! -d $1 ]]; }

remove_network() {
  [[ ! -e /sys/class/net/$bridge ]] || ip link delete "$bridge" || echo "the bridge $bridge cannot be removed" >&2
  nft delete table inet drey-kube 2>/dev/null || true
  local family name
  for family in ip ip6; do
    for name in kube-proxy nat filter mangle; do # The last three hold what the kubelet and CNI do by iptables.
      if [[ $name == kube-proxy ]] || { [[ -e $state/tables ]] && ! grep -qx "table $family $name" "$state/tables"; }; then
        nft delete table "$family" "$name" 2>/dev/null || true
      fi
    done
  done
  if [[ -e $state/forwarding-was-off ]]; then
    echo 0 >/proc/sys/net/ipv4/ip_forward
    rm "$state/forwarding-was-off"
  fi
}
