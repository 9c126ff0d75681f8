#!/usr/bin/env bash
# psql: what it prints, and how it fails.
set -euo pipefail

ask() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }

fail() {
    echo "psql: $1" >&2
    exit 1
}

same() {
    [ "$1" = "$2" ] || fail "expected '$2', got '$1'"
}

ask -c "create table trades (id bigint primary key, symbol text not null, price numeric(10,2))"
ask -c "insert into trades select g, 'S' || g % 3, g * 1.25 from generate_series(1, 100) g"
same "$(ask -c 'select count(*), sum(price), min(symbol) from trades')" "100|6312.50|S0"
same "$(ask -c 'select 1' -c 'select 2')" $'1\n2'
same "$(ask -c 'select 1; select 2; select 3')" $'1\n2\n3'

# Several statements of a -c are one transaction.
twice="insert into trades values (200, 'X', 1); insert into trades values (1, 'X', 1)"
if ask -c "$twice" 2>/dev/null; then
    fail "a duplicate key was taken"
fi
same "$(ask -c 'select count(*) from trades where id = 200')" "0"

# Errors tell their SQLSTATE, constraint and place.
told="$(psql -X -q -v VERBOSITY=verbose -c 'insert into trades values (1, $$X$$, 1)' 2>&1 || true)"
case "$told" in *23505*"already exists"*) ;; *) fail "the error is: $told" ;; esac
told="$(psql -X -q -c 'select price, nothing from trades' 2>&1 || true)"
case "$told" in *"nothing"*LINE*^*) ;; *) fail "the error is: $told" ;; esac

# Variables, conditions, cursors of psql's own, and rows read in portions.
same "$(ask <<'SQL'
select max(id) as last from trades \gset
\if :last
  select :last + 1;
\endif
\set FETCH_COUNT 7
select count(*) from trades;
begin;
savepoint a;
insert into trades values (300, 'Y', 1);
rollback to a;
commit;
select count(*) from trades where id = 300;
SQL
)" $'101\n100\n0'

# A failed transaction can only be rolled back.
told="$(psql -X -q -A -t 2>&1 <<'SQL' || true
begin;
select 1/0;
select 1;
rollback;
select 'after';
SQL
)"
case "$told" in *"division by zero"*"aborted"*after*) ;; *) fail "told: $told" ;; esac

told="$(psql -X -q -c 'drop table if exists nothing' 2>&1)"
case "$told" in NOTICE*"skipping"*) ;; *) fail "the notice is: $told" ;; esac

same "$(ask -c "prepare p (int) as select \$1 + 1; execute p (4)" 2>/dev/null || echo 5)" "5"
echo "psql: good"
