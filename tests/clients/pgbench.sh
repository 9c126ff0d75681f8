#!/usr/bin/env bash
# pgbench, unmodified: its tables made in all of its steps, its three scripts by each protocol with 1, 8 and 64
# clients, and TPC-B where transactions are serializable. What is moved from one balance to another is nowhere lost.
set -euo pipefail

seconds="${PGBENCH_SECONDS:-2}"

ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }

fail() {
    echo "pgbench: $1" >&2
    exit 1
}

# The sums of all deltas, and of those that simple-update moved, which are in accounts alone.
moved() { ask -c "select coalesce(sum(delta), 0) from pgbench_history"; }
alone=0

conserved() {
    local sum
    [ "$(ask -c "select sum(abalance) from pgbench_accounts")" = "$(moved)" ] || fail "accounts and history differ"
    for sum in "tbalance) from pgbench_tellers" "bbalance) from pgbench_branches"; do
        [ "$(ask -c "select sum($sum")" = "$(($(moved) - alone))" ] || fail "not $(moved) - $alone: select sum($sum"
    done
}

# run SCRIPT PROTOCOL CLIENTS [OPTION...]: no transaction may fail for good, and some must be done.
run() {
    local script="$1" protocol="$2" clients="$3" told tps failed
    shift 3
    told="$(pgbench -n -b "$script" -M "$protocol" -c "$clients" -j 2 -T "$seconds" --max-tries=10000 "$@" 2>&1)" \
        || fail "$script $protocol $clients: $told"
    case "$told" in *"aborted in command"*) fail "$script $protocol $clients: $told" ;; esac
    tps="$(sed -n 's/^tps = \([0-9]*\).*/\1/p' <<<"$told" | tail -n 1)"
    failed="$(sed -n 's/^number of failed transactions: \([0-9]*\).*/\1/p' <<<"$told")"
    [ "${tps:-0}" -gt 0 ] && [ "${failed:-0}" = 0 ] || fail "$script $protocol $clients: $told"
    echo "$script $protocol $clients clients: $tps a second"
}

# d: drop, t: tables, g: rows by COPY, G: rows by the server, v: vacuum, p: primary keys, f: foreign keys.
for steps in dtGvpf dtgvpf; do
    pgbench -i -I "$steps" -s 1 -q >/dev/null 2>&1 || fail "-i -I $steps: $(pgbench -i -I "$steps" -s 1 -q 2>&1 | tail -n 5)"
    [ "$(ask -c 'select count(*), sum(aid), max(bid) from pgbench_accounts')" = "100000|5000050000|1" ] \
        || fail "$steps: accounts are missing"
    [ "$(ask -c "select count(*) from pg_constraint where contype in ('p', 'f') and conname like 'pgbench_%'")" = 8 ] \
        || fail "$steps: keys are missing"
done

for protocol in simple extended prepared; do
    for clients in 1 8 64; do
        before="$(moved)"
        run simple-update "$protocol" "$clients"
        alone=$((alone + $(moved) - before))
        run tpcb-like "$protocol" "$clients"
        conserved
        run select-only "$protocol" "$clients"
    done
done

# Transactions that cannot be put in an order are told so (40001, 40P01), and pgbench tries again.
for level in "repeatable read" serializable; do
    PGOPTIONS="-c default_transaction_isolation=${level/ /\\ }" run tpcb-like prepared 8
    conserved
done
echo "pgbench: good"
