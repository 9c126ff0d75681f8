#!/usr/bin/env bash
# pgbench, unmodified: its tables, TPC-B and select-only, each protocol with 1, 8 and 64 clients.
# What TPC-B moves from one balance to another is nowhere lost.
set -euo pipefail

seconds="${PGBENCH_SECONDS:-3}"

ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }

fail() {
    echo "pgbench: $1" >&2
    exit 1
}

conserved() {
    local moved sum
    moved="$(ask -c "select sum(delta) from pgbench_history")"
    for sum in "abalance) from pgbench_accounts" "tbalance) from pgbench_tellers" \
        "bbalance) from pgbench_branches"; do
        [ "$(ask -c "select sum($sum")" = "$moved" ] || fail "not $moved: select sum($sum"
    done
}

# d: drop, t: tables, g: rows by COPY, p: primary keys, f: foreign keys; v, vacuum, is nothing here.
pgbench -i -I "${PGBENCH_STEPS:-dtgvp}" -s 1 -q 2>&1 | tail -n 1
[ "$(ask -c 'select count(*) from pgbench_accounts')" = 100000 ] || fail "accounts are missing"

for protocol in simple extended prepared; do
    for clients in 1 8 64; do
        for script in tpcb-like select-only; do
            told="$(pgbench -n -b "$script" -M "$protocol" -c "$clients" -j 2 -T "$seconds" \
                --max-tries=1000 2>&1)" || fail "$script $protocol $clients: $told"
            case "$told" in *"aborted in command"*) fail "$script $protocol $clients: $told" ;; esac
            tps="$(sed -n 's/^tps = \([0-9]*\).*/\1/p' <<<"$told" | tail -n 1)"
            [ "${tps:-0}" -gt 0 ] || fail "$script $protocol $clients: $told"
            echo "$script $protocol $clients clients: $tps a second"
        done
        conserved
    done
done
echo "pgbench: good"
