#!/usr/bin/env bash
# The real servers that the integration tests talk to. `eval "$(tests/servers/all.sh start)"` starts
# them and sets the variables that the tests read; without a variable its tests say that they skip.
# usage: all.sh start | stop | env [SERVER...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

[ $# -ge 1 ] || { echo "usage: $(basename "$0") start | stop | env [SERVER...]" >&2; exit 2; }
action="$1"
shift
if [ $# -eq 0 ]; then
  for script in *.sh; do
    case "$script" in all.sh | common.sh) ;; *) set -- "$@" "${script%.sh}" ;; esac
  done
fi

# Runs the script of one server; llama.cpp serves chat and embeddings by two processes.
each() {
  if [ "$2" = llamacpp ]; then
    ./llamacpp.sh "$1" &&
      LLAMACPP_ARGS=--embedding ./llamacpp.sh "$1" 8092
  else
    "./$2.sh" "$1"
  fi
}

for server in "$@"; do
  case "$action" in
    start)
      status=0
      (each start "$server") >/dev/null || status=$?
      if [ "$status" -eq 77 ] && [ "${CI:-}" != true ]; then
        echo "$server is left out: its tests will say that they skip" >&2
        continue
      fi
      [ "$status" -eq 0 ] || exit "$status"
      each env "$server"
      ;;
    stop | env) each "$action" "$server" ;;
    *) echo "unknown action '$action'" >&2; exit 2 ;;
  esac
done
