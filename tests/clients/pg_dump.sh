#!/usr/bin/env bash
# pg_dump: a store's schema and rows restored into PostgreSQL, and what it dumps restored into the store again.
# PostgreSQL is the judge: it takes every statement, and dumps the same again.
set -euo pipefail

here="$(cd "$(dirname "$0")" && pwd)"
scratch="$(mktemp -d)"
chmod 755 "$scratch"

fail() {
    echo "pg_dump: $1" >&2
    exit 1
}

# A PostgreSQL of its own, which refuses to run as root.
as_nobody() {
    if [ "$(id -u)" = 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi
}
server_programs="$(dirname "$(PATH="$PATH:$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)" command -v initdb)")" \
    || fail "initdb is missing: install postgresql-15"
stop() {
    as_nobody "$server_programs/pg_ctl" -D "$scratch/postgres/data" -m immediate stop >"$scratch/stop" 2>&1 || true
    rm -rf "$scratch"
}
trap stop EXIT
mkdir "$scratch/postgres"
if [ "$(id -u)" = 0 ]; then chown 65534:65534 "$scratch/postgres"; fi
as_nobody "$server_programs/initdb" -D "$scratch/postgres/data" -U "$PGUSER" -A trust -E UTF8 --locale=C --no-sync \
    >"$scratch/initdb" 2>&1 || fail "$(cat "$scratch/initdb")"
as_nobody "$server_programs/pg_ctl" -D "$scratch/postgres/data" -w -l "$scratch/postgres/log" \
    -o "-c listen_addresses='' -k $scratch/postgres -c fsync=off -c timezone=UTC" start >"$scratch/start" \
    || fail "$(cat "$scratch/start" "$scratch/postgres/log")"

store() { psql -X -q -v ON_ERROR_STOP=1 "$@"; }
postgres() { PGHOST="$scratch/postgres" store "$@"; }

# All rows of all tables, and where the sequences stand, as text.
contents() {
    local ask="$1" table
    for table in users instruments market.orders kinds '"Mixed Case"' empty market.big; do
        echo "== $table"
        "$ask" -c "copy (select * from $table order by 1) to stdout"
    done
    "$ask" -A -t -c "select last_value, is_called from market.tickets" \
        -c "select last_value, is_called from market.orders_id_seq" -c "select last_value, is_called from users_id_seq"
}

# A dump without what differs between servers: versions, comments, owners' names, random keys, lists of settings.
plain() { grep -v -E '^(--|SET |SELECT pg_catalog.set_config|\\(un)?restrict|$)' "$1"; }

same() { diff -u "$1" "$2" >"$scratch/difference" || fail "$3: $(head -n 60 "$scratch/difference")"; }

store -f "$here/dump.sql" >"$scratch/made"
contents store >"$scratch/contents"
[ "$(wc -l <"$scratch/contents")" -gt 1000 ] || fail "rows are missing: $(head -n 30 "$scratch/contents")"

number=0
for options in "" "--inserts" "--column-inserts --rows-per-insert=50" "--format=custom"; do
    number=$((number + 1))
    dump="$scratch/dump$number"
    # shellcheck disable=SC2086
    pg_dump --no-owner $options -f "$dump" || fail "pg_dump $options"
    restore() {
        case "$options" in
            *custom*) pg_restore --no-owner --exit-on-error -d "$PGDATABASE" "$@" "$dump" ;;
            *) store -f "$dump" ;;
        esac
    }

    # Into PostgreSQL.
    PGDATABASE=postgres postgres -c "drop database if exists \"$PGDATABASE\" with (force)" -c "create database \"$PGDATABASE\""
    PGHOST="$scratch/postgres" restore >"$scratch/out" || fail "pg_dump $options: PostgreSQL refuses it: $(tail -n 5 "$scratch/out")"
    contents postgres >"$scratch/contents.postgres"
    same "$scratch/contents" "$scratch/contents.postgres" "pg_dump $options: PostgreSQL has other rows"

    # And into the store, emptied before.
    store -c "drop schema market cascade" -c 'drop table users, instruments, kinds, "Mixed Case", empty cascade'
    restore >"$scratch/out" || fail "pg_dump $options: the store refuses it: $(tail -n 5 "$scratch/out")"
    contents store >"$scratch/contents.again"
    same "$scratch/contents" "$scratch/contents.again" "pg_dump $options: the store has other rows"
    echo "pg_dump ${options:-as text}: restored into PostgreSQL and into the store"
done

# What the store tells of its definitions is what PostgreSQL tells of the same.
pg_dump --no-owner --schema-only -f "$scratch/of.store"
PGHOST="$scratch/postgres" pg_dump --no-owner --schema-only -f "$scratch/of.postgres"
plain "$scratch/of.postgres" >"$scratch/expected"
plain "$scratch/of.store" >"$scratch/told"
same "$scratch/expected" "$scratch/told" "the schema is told otherwise"

# A part of it; and pg_dump of PostgreSQL, restored into the store.
[ "$(pg_dump --no-owner --data-only -t instruments | grep -c -E '^(AAPL|BRK.A)')" = 2 ] || fail "one table is dumped otherwise"
store -c "drop schema market cascade" -c 'drop table users, instruments, kinds, "Mixed Case", empty cascade'
PGHOST="$scratch/postgres" pg_dump --no-owner --no-privileges -f "$scratch/theirs"
store -f "$scratch/theirs" >"$scratch/out" || fail "PostgreSQL's own dump is refused: $(tail -n 5 "$scratch/out")"
contents store >"$scratch/contents.again"
same "$scratch/contents" "$scratch/contents.again" "PostgreSQL's own dump gives other rows"
echo "pg_dump: good"
