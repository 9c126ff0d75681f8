// node-postgres: values, prepared statements, transactions, cursors, streams, COPY, notifications, pools.

import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import Cursor from "pg-cursor";
import QueryStream from "pg-query-stream";

const VALUES = [
  ["int8", "4611686018427387904"],
  ["int4", -5],
  ["float8", 1.5e300],
  ["numeric", "-12345678901234567890.1234"],
  ["text", "caf\u00e9 'quoted'"],
  ["bool", true],
  ["bytea", Buffer.from([0, 255])],
  ["timestamptz", new Date("2024-01-01T00:00:00.123Z")],
  ["uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
  ["int4[]", [1, null, 3]],
  ["text[]", ["a", "b c", ""]],
  ["jsonb", { a: [1, 2, { b: "c" }] }],
  ["int8", null],
];

async function values(client) {
  for (const [kind, value] of VALUES) {
    const { rows } = await client.query(`select $1::${kind} as got`, [value]);
    assert.deepEqual(rows, [{ got: value }], kind);
  }
  const binary = await client.query({ text: "select $1::int4 as a, $2::text as b", values: [7, "x"], binary: true });
  assert.deepEqual(binary.rows, [{ a: 7, b: "x" }]);
  const { rows, fields } = await client.query({ text: "select 1 as a, 'x' as b", rowMode: "array" });
  assert.deepEqual(rows, [[1, "x"]]);
  assert.deepEqual(fields.map((field) => [field.name, field.dataTypeID]), [["a", 23], ["b", 25]]);
  const { rows: [interval] } = await client.query("select interval '1 day 02:03:04' as i");
  assert.deepEqual({ ...interval.i }, { days: 1, hours: 2, minutes: 3, seconds: 4 });
}

async function statements(client) {
  await client.query("create table t (id bigint primary key, word text not null, price numeric(12,2))");
  const insert = { name: "insert", text: "insert into t values ($1, $2, $3)" };
  for (let n = 0; n < 200; n += 1) {
    await client.query({ ...insert, values: [n, `w${n}`, n / 4] });
  }
  const told = await client.query("update t set word = word where id < 10; select count(*)::int as n from t");
  assert.deepEqual(told.map((result) => [result.command, result.rowCount]), [["UPDATE", 10], ["SELECT", 1]]);
  assert.deepEqual(told[1].rows, [{ n: 200 }]);
  const { rows } = await client.query("select id from t where id = any($1) order by id", [[5, 3, 999]]);
  assert.deepEqual(rows, [{ id: "3" }, { id: "5" }]);
  await assert.rejects(client.query("insert into t values (1, 'twice')"), {
    code: "23505", table: "t", schema: "public", constraint: "t_pkey",
  });
  await assert.rejects(client.query("insert into t (id) values (900)"), { code: "23502", column: "word" });
  await assert.rejects(client.query("select nothing from t"), { code: "42703", position: "8" });
  assert.equal((await client.query("insert into t values ($1, $2) returning word", [300, "r"])).rows[0].word, "r");
}

async function transactions(client) {
  await client.query("begin isolation level serializable");
  await client.query("insert into t values (400, 'x')");
  await client.query("savepoint s");
  await assert.rejects(client.query("insert into t values (400, 'x')"), { code: "23505" });
  await client.query("rollback to savepoint s");
  await client.query("insert into t values (401, 'y')");
  await client.query("commit");
  await client.query("begin");
  await client.query("delete from t");
  await client.query("rollback");
  assert.equal((await client.query("select count(*)::int as n from t where id >= 400")).rows[0].n, 2);
}

async function portions(client) {
  const cursor = client.query(new Cursor("select g from generate_series(1, $1::int) g", [250]));
  const sizes = [];
  for (let rows = await cursor.read(100); rows.length > 0; rows = await cursor.read(100)) {
    sizes.push(rows.length);
  }
  assert.deepEqual(sizes, [100, 100, 50]);
  await cursor.close();
  const early = client.query(new Cursor("select g from generate_series(1, 100000) g"));
  assert.equal((await early.read(1))[0].g, 1);
  await early.close();
  let sum = 0;
  for await (const row of client.query(new QueryStream("select g from generate_series(1, 5000) g", [], { batchSize: 64 }))) {
    sum += row.g;
  }
  assert.equal(sum, 12502500);
}

async function copies(client) {
  await client.query("create table copied (id int primary key, word text)");
  const lines = Array.from({ length: 20000 }, (_, n) => `${n}\t${n % 3 === 0 ? "\\N" : `w${n}`}\n`);
  await pipeline(Readable.from(lines), client.query(copyFrom("copy copied from stdin")));
  const pieces = [];
  for await (const piece of client.query(copyTo("copy (select * from copied order by id) to stdout"))) {
    pieces.push(piece);
  }
  assert.equal(Buffer.concat(pieces).toString(), lines.join(""));
  await assert.rejects(pipeline(Readable.from(["1\tx\n"]), client.query(copyFrom("copy copied from stdin"))), { code: "23505" });
}

async function talk(client) {
  const told = new Promise((resolve) => { client.once("notification", resolve); });
  const notices = [];
  client.on("notice", (notice) => notices.push(notice.message));
  await client.query("drop table if exists nothing");
  assert.match(notices[0], /nothing.*skipping/);
  await client.query("listen trades");
  const pool = new pg.Pool({ max: 8 });
  await pool.query("select pg_notify('trades', $1)", ["AAPL"]);
  assert.equal((await told).payload, "AAPL");
  await pool.query("create table counts (id int primary key, n int not null)");
  await pool.query("insert into counts values (1, 0)");
  await Promise.all(Array.from({ length: 100 }, () => pool.query("update counts set n = n + 1 where id = $1", [1])));
  assert.equal((await pool.query("select n from counts")).rows[0].n, 100);
  const slow = new pg.Client({ statement_timeout: 200 });
  await slow.connect();
  const endless = "select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b";
  await assert.rejects(slow.query(endless), { code: "57014" });
  await slow.end();
  await pool.end();
}

const client = new pg.Client();
await client.connect();
for (const part of [values, statements, transactions, portions, copies, talk]) {
  await part(client);
}
await client.end();
console.log("node: good");
