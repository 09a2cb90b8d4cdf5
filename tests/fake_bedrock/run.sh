#!/usr/bin/env bash
# Starts fake-bedrock and passes requests of every kind through AWS's Python SDK (check.py beside this file).
# The SDK is installed once below ~/.cache/keyvisual-servers. Needs Python 3.10 or newer with venv.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cd "$here/../.."

BOTO3=1.44.5
home="${KEYVISUAL_SERVERS:-${XDG_CACHE_HOME:-$HOME/.cache}/keyvisual-servers}/boto3-$BOTO3"

if [ ! -x "$home/bin/python" ]; then
  new="$home.new.$$"
  mkdir -p "$(dirname "$home")"
  python3 -m venv "$new"
  "$new/bin/python" -m pip install -q "boto3==$BOTO3" || { rm -rf "$new"; exit 1; }
  rm -rf "$home"
  mv "$new" "$home"
fi

cargo build --quiet -p fake-bedrock
program="$(cargo metadata --format-version 1 --no-deps --offline |
  python3 -c 'import json,sys; print(json.load(sys.stdin)["target_directory"])')/debug/fake-bedrock"

# The server ends when its standard input closes: with this script, whatever happens.
coproc SERVER { exec "$program"; }
read -r line <&"${SERVER[0]}"
url="$(python3 -c 'import json,sys; print(json.loads(sys.argv[1])["url"])' "$line")"
"$home/bin/python" "$here/check.py" "$url"
