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
select max(id) as last, max(id) > 50 as many from trades \gset
\if :many
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

same "$(ask -c "prepare p (int) as select \$1 + 1" -c "execute p (4)")" "5"

# What is described: a table with all that psql shows of one.
ask >/dev/null <<'SQL'
create type side as enum ('buy', 'sell');
create table users (id integer generated always as identity primary key,
    name varchar(40) default 'x', unique (name));
create table orders (
    id bigint primary key, user_id integer not null references users on delete cascade, side side,
    price numeric(12,4), quantity integer check (quantity > 0),
    placed timestamptz not null default current_timestamp
);
create index orders_newest on orders (user_id, placed desc) where user_id > 1;
create view dear as select id, price from orders where price > 100;
comment on table orders is 'What was ordered';
comment on column orders.price is 'Of one';
SQL
# The store makes the index that a foreign key is looked up by.
same "$(psql -X -A -c '\d orders' | grep -v fkey_index)" 'Table "public.orders"
Column|Type|Collation|Nullable|Default
id|bigint||not null|
user_id|integer||not null|
side|side|||
price|numeric(12,4)|||
quantity|integer|||
placed|timestamp with time zone||not null|CURRENT_TIMESTAMP
Indexes:
    "orders_pkey" PRIMARY KEY, btree (id)
    "orders_newest" btree (user_id, placed DESC) WHERE user_id > 1
Check constraints:
    "orders_quantity_check" CHECK (quantity > 0)
Foreign-key constraints:
    "orders_user_id_fkey" FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE'
told="$(psql -X -c '\d+ users' -c '\d+ orders')"
for line in '"users_name_key" UNIQUE CONSTRAINT, btree (name)' 'generated always as identity' \
    "'x'::character varying" 'TABLE "orders" CONSTRAINT "orders_user_id_fkey"' 'Of one'; do
    case "$told" in *"$line"*) ;; *) fail "no '$line' in: $told" ;; esac
done
same "$(ask -c '\dt' | cut -d '|' -f 1-3 | sort)" \
    $'public|orders|table\npublic|trades|table\npublic|users|table'
same "$(ask -c '\dv' | cut -d '|' -f 1-3)" "public|dear|view"
same "$(ask -c '\di *newest' | cut -d '|' -f 1-3,5)" "public|orders_newest|index|orders"
same "$(ask -c '\ds' | cut -d '|' -f 1-3)" "public|users_id_seq|sequence"
same "$(ask -c '\dT side' | cut -d '|' -f 1-2)" "public|side"
same "$(ask -c '\dT+ side' | sed 's/.*|4|//; s/|.*//')" $'buy\nsell'
same "$(ask -c '\dd' -c '\dp nothing' -c '\dx nothing' -c '\dRp' -c '\dy')" ""
same "$(psql -X -c '\d nothing' 2>&1 || true)" 'Did not find any relation named "nothing".'
same "$(ask -c '\dt+ trades' | cut -d '|' -f 2)" "trades"
ask -c '\l' -c '\du' -c '\dn+' -c '\df' -c '\db' -c '\dC' -c '\dD' -c '\do' -c '\dL' -c '\dO' -c \
    '\dconfig' \
    -c '\da' -c '\dF' -c '\des' -c '\dAc' -c '\dAo' -c '\dX' -c '\ddp' \
    -c '\drds' -c '\dP' -c '\conninfo' \
    -c '\encoding' -c '\z' >/dev/null || fail "a command that describes failed"
told="$(psql -X -c '\sv dear')"
case "$told" in *"VIEW"*"dear"*"price > 100"*) ;; *) fail "the view is: $told" ;; esac

# \copy there and back, in text and CSV; its error tells the line, and takes all rows back.
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
ask -c "\\copy trades to '$scratch/rows'" -c \
    "\\copy (select * from trades order by id) to '$scratch/csv' (format csv, header)"
same "$(sed -n 1,2p "$scratch/csv")" $'id,symbol,price\n1,S1,1.25'
ask -c "create table copied (id bigint primary key, symbol text, price numeric(10,2))"
ask -c "\\copy copied from '$scratch/rows'" -c "delete from copied" -c \
    "\\copy copied from '$scratch/csv' (format csv, header)"
same "$(ask -c 'select count(*), sum(price) from copied')" "100|6312.50"
printf '900\tx\t1\n901\ty\tmuch\n' >"$scratch/wrong"
told="$(ask -c "\\copy copied from '$scratch/wrong'" 2>&1 || true)"
case "$told" in *"numeric"*"much"*"line 2"*) ;; *) fail "the error is: $told" ;; esac
same "$(ask -c 'select count(*) from copied where id >= 900')" "0"

# Statements made of rows, tables turned, results one below the other, and how often something is
# asked.
same "$(ask <<<"select 'select ' || g from generate_series(1, 3) g \\gexec")" $'1\n2\n3'
same "$(ask <<'SQL'
select symbol, price > 60 as dear, count(*) from trades group by 1, 2 order by 1, 2 \crosstabview
SQL
)" $'S0|16|17\nS1|16|18\nS2|16|17'
same "$(ask -x -c "select 1 as a, 'x' as b")" $'a|1\nb|x'
same "$(ask <<<'select 1 as one, $$x$$::text as two \gdesc')" $'one|integer\ntwo|text'
same "$(psql -X -c 'select 1 as a, null as b')" $' a | b \n---+---\n 1 | \n(1 row)'

# psql's own transactions: a file as one, no commit by itself, errors that end one statement alone.
printf 'insert into copied values (1000);\ninsert into copied values (1);\n' >"$scratch/file"
if ask -1 -f "$scratch/file" 2>/dev/null; then fail "a duplicate key was taken"; fi
same "$(ask -c 'select count(*) from copied where id = 1000')" "0"
same "$(psql -X -q -A -t 2>/dev/null <<'SQL'
\set AUTOCOMMIT off
insert into copied values (1001);
rollback;
\set ON_ERROR_ROLLBACK on
insert into copied values (1002);
insert into copied values (1);
commit;
select id from copied where id > 1000;
SQL
)" "1002"
told="$(psql -X 2>&1 <<'SQL'
select 1/0;
\errverbose
\echo :SQLSTATE :ROW_COUNT :ERROR
SQL
)"
case "$told" in *"22012: division by zero"*"22012 0 true"*) ;; *) fail "the error is: $told" ;; esac
echo "psql: good"
