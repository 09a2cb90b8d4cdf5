#!/usr/bin/env bash
# Everything that must hold before a change lands. Starts the real servers itself and stops them at the end.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The same campaign on five stores; it ends with an error unless they find the same.
swap() {
  local folder collection
  folder=$(mktemp -d)
  collection="swap_$$_$RANDOM"
  cargo run --example swap_vector_store --all-features -- --output "$folder/campaigns" "embedded:$folder/library" \
    "opensearch+$KEYVISUAL_OPENSEARCH_URL/$collection?replicas=0" "$KEYVISUAL_POSTGRES_URL?collection=$collection" \
    "$KEYVISUAL_QDRANT_URL/$collection" \
    "s3vectors://key:secret@keyvisual-swap/${collection//_/-}?region=us-east-1&endpoint=$KEYVISUAL_S3VECTORS_URL"
  rm -r "$folder"
}

step() { printf '\n== %s\n' "$*"; "$@"; }

features() {
  cargo metadata --format-version 1 --no-deps --offline 2>/dev/null |
    python3 -c 'import json,sys; print(*sorted(next(p for p in json.load(sys.stdin)["packages"] if p["name"] == "keyvisual")["features"]))'
}

crates() { cargo tree -e normal --prefix none --no-dedupe "$@" | awk '{print $1, $2}' | sort -u; }

weight() {
  local default bedrock
  default=$(crates | wc -l)
  bedrock=$(crates --features bedrock | wc -l)
  echo "crates in a default build: $default (at most 125), with bedrock: $bedrock (at most 205)"
  [ "$default" -le 125 ] && [ "$bedrock" -le 205 ]
  if crates --features bedrock | awk '{print $1}' | grep -E '^(hyper|http|rustls)$' | uniq -d | grep .; then
    echo "with bedrock there are two versions of these" >&2
    return 1
  fi
  if cargo tree -e normal,build --prefix none | grep -E '^(cc|cmake|bindgen) v'; then
    echo "a default build needs a C compiler" >&2
    return 1
  fi
}

cargo fetch --quiet
step cargo fmt --all --check
step weight
step cargo clippy --all-targets --all-features -- -D warnings
step cargo clippy --all-targets -- -D warnings
for feature in $(features); do
  step cargo clippy --no-default-features --features "$feature" -- -D warnings
done
step cargo clippy -p fake-bedrock --all-targets -- -D warnings
step cargo fmt --all --check --manifest-path tests/qdrant_server/Cargo.toml
step env RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --all-features

trap 'bash tests/servers/all.sh stop' EXIT
servers=$(bash tests/servers/all.sh start)
eval "$servers"

# A workspace of its own, whose target folder is that of the server.
step env CARGO_TARGET_DIR="${KEYVISUAL_SERVERS:-${XDG_CACHE_HOME:-$HOME/.cache}/keyvisual-servers}/qdrant-build" \
  cargo clippy --locked --manifest-path tests/qdrant_server/Cargo.toml -- -D warnings

step cargo test -p fake-bedrock
step bash tests/fake_bedrock/run.sh
step cargo test
step cargo test --all-features
step swap
step cargo bench --bench index
step cargo bench --bench bedrock --features bedrock
step cargo bench --bench stores --all-features
