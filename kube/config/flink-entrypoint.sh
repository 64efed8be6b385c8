#!/usr/bin/env bash
# The entry point of the Flink image: the commands and variables of the official one.
set -euo pipefail

cd "$FLINK_HOME"

IFS=';' read -ra builtin <<<"${ENABLE_BUILT_IN_PLUGINS:-}"
for jar in "${builtin[@]}"; do
  mkdir -p "plugins/${jar%.jar}"
  ln -sf "$FLINK_HOME/opt/$jar" "plugins/${jar%.jar}/$jar"
done

if [[ -n ${FLINK_PROPERTIES:-}${JOB_MANAGER_RPC_ADDRESS:-} && -w conf/flink-conf.yaml ]]; then # Flink up to 1.18
  printf '\njobmanager.rpc.address: %s\n%s\n' "${JOB_MANAGER_RPC_ADDRESS:-$(hostname -f)}" "${FLINK_PROPERTIES:-}" >>conf/flink-conf.yaml
elif [[ -n ${FLINK_PROPERTIES:-}${JOB_MANAGER_RPC_ADDRESS:-} && -w conf/config.yaml ]]; then
  options=(-D "jobmanager.rpc.address=${JOB_MANAGER_RPC_ADDRESS:-$(hostname -f)}")
  while IFS= read -r line; do
    [[ $line =~ ^[[:space:]]*([^#:[:space:]]+)[[:space:]]*:[[:space:]]*(.*)$ ]] || continue
    options+=(-D "${BASH_REMATCH[1]}=${BASH_REMATCH[2]}")
  done <<<"${FLINK_PROPERTIES:-}"
  bin/config-parser-utils.sh "$FLINK_HOME/conf" "$FLINK_HOME/bin" "$FLINK_HOME/lib" "${options[@]}"
fi

case ${1:-help} in
  help) echo "Usage: docker-entrypoint.sh (jobmanager|standalone-job|taskmanager|history-server|COMMAND) [ARGUMENTS]" ;;
  jobmanager | standalone-job | taskmanager) exec "$1.sh" start-foreground "${@:2}" ;;
  history-server) exec historyserver.sh start-foreground "${@:2}" ;;
  *) exec "$@" ;;
esac
