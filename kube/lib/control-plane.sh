# shellcheck shell=bash
# etcd and the API server, for a node and without one.

service_network=198.18.128.0/20
service_hosts=(127.0.0.1 localhost 198.18.128.1 kubernetes kubernetes.default kubernetes.default.svc
  kubernetes.default.svc.cluster.local)

start_etcd() { # PORT PEER-PORT
  start etcd "$bin/etcd" --name=node --data-dir="$state/etcd" --unsafe-no-fsync --log-level=warn \
    --listen-client-urls="http://127.0.0.1:$1" --advertise-client-urls="http://127.0.0.1:$1" \
    --listen-peer-urls="http://127.0.0.1:$2" --initial-advertise-peer-urls="http://127.0.0.1:$2" \
    --initial-cluster="node=http://127.0.0.1:$2"
}

start_apiserver() { # PORT ETCD-PORT FLAGS...
  local port=$1 etcd=$2 pki=$state/pki
  shift 2
  start kube-apiserver "$bin/kube-apiserver" --secure-port="$port" --etcd-servers="http://127.0.0.1:$etcd" \
    --tls-cert-file="$pki/kube-apiserver.crt" --tls-private-key-file="$pki/kube-apiserver.key" \
    --client-ca-file="$pki/ca.crt" --authorization-mode=Node,RBAC --allow-privileged \
    --service-account-issuer=https://kubernetes.default.svc.cluster.local \
    --service-account-key-file="$pki/service-accounts.pub" \
    --service-account-signing-key-file="$pki/service-accounts.key" \
    --service-cluster-ip-range="$service_network" \
    --audit-policy-file="$kube/config/audit.yaml" --audit-log-path="$state/audit.log" "$@"
}

api_ready() {
  running etcd && running kube-apiserver && "$bin/kubectl" --kubeconfig="$state/kubeconfig" get --raw=/readyz
}

control_plane_up() {
  mkdir -p "$state/log" "$state/run"
  if [[ -e $state/kubeconfig ]] && api_ready >/dev/null 2>&1; then
    echo "nothing to do" >&2
    return
  fi
  local ports
  for _ in 1 2 3; do
    if [[ ! -e $state/run/ports ]]; then
      rm -rf "$state/etcd" "$state/pki" "$state/audit.log" "$state"/log/*
      # shellcheck disable=SC2207
      ports=($("$bin/drey-kube" free-ports 3))
      "$bin/drey-kube" pki "$state/pki" "https://127.0.0.1:${ports[0]}" - "${service_hosts[@]}"
      cp "$state/pki/admin.kubeconfig" "$state/kubeconfig"
      echo "${ports[*]}" >"$state/run/ports"
    fi
    read -ra ports <"$state/run/ports"
    if stage "API server ready on port ${ports[0]}" control_plane_start "${ports[@]}"; then return; fi
    last_words etcd kube-apiserver
    control_plane_stop
  done
  fail "the API server does not start; see $state/log."
}

control_plane_start() { # PORT ETCD-PORT PEER-PORT
  start_etcd "$2" "$3"
  start_apiserver "$1" "$2" --bind-address=127.0.0.1 --advertise-address=127.0.0.1 --endpoint-reconciler-type=none \
    --disable-admission-plugins=ServiceAccount
  wait_for 40 "the API server" api_ready_or_dead && running etcd && running kube-apiserver
}

api_ready_or_dead() { api_ready || ! running etcd || ! running kube-apiserver; }

control_plane_stop() {
  # shellcheck disable=SC2046
  end 2 $(processes)
  rm -rf "$state/etcd" "$state/pki" "$state/run" "$state/kubeconfig"
  mkdir -p "$state/run"
}
