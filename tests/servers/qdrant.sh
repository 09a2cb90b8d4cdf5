#!/usr/bin/env bash
# Qdrant's own engine behind its gRPC interface, on 127.0.0.1: tests/qdrant_server, built here. The first build takes
# some ten minutes of two cores. Needs cargo and a C++ compiler.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/../qdrant_server" && pwd)"
NAME=qdrant
VERSION="$(cd "$SOURCE" && cat Cargo.toml Cargo.lock src/*.rs src/*/*.rs | cksum | cut -d' ' -f1)"
DEFAULT_PORT=6334

do_install() {
  need cargo c++
  (cd "$SOURCE" && CARGO_TARGET_DIR="$ROOT/qdrant-build" cargo build --locked --quiet) &&
    cp "$ROOT/qdrant-build/debug/qdrant-edge-server" "$1/"
}

do_start() { spawn "$HOME_DIR/qdrant-edge-server" --port "$PORT" --data "$RUN/data"; }

healthy() { grep -q '^listening on' "$RUN/log"; }

url() { echo "qdrant://127.0.0.1:$PORT"; }

do_env() {
  echo "export KEYVISUAL_QDRANT_URL=$(url)"
  echo "export KEYVISUAL_QDRANT_SERVER=$HOME_DIR/qdrant-edge-server" # for tests that start and stop their own
}

main "$@"
