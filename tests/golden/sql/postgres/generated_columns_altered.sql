-- What generated columns are computed of, and ALTER TABLE
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (id integer PRIMARY KEY, c integer, d date, g integer GENERATED ALWAYS AS (c * 2) STORED);

INSERT INTO t (id, c) VALUES (1, 10);

ALTER TABLE t DROP COLUMN c;
--! 2BP01: cannot drop column c of table t because other objects depend on it

ALTER TABLE t RENAME COLUMN c TO "Count";

INSERT INTO t (id, "Count") VALUES (2, 20);

SELECT id, "Count", g FROM t ORDER BY id;
--> id | Count | g
--> 1 | 10 | 20
--> 2 | 20 | 40

ALTER TABLE t DROP COLUMN "Count" CASCADE;

INSERT INTO t (id) VALUES (3);

SELECT * FROM t ORDER BY id;
--> id | d
--> 1 | NULL
--> 2 | NULL
--> 3 | NULL

CREATE TABLE both_gone (id integer PRIMARY KEY, c integer, g integer GENERATED ALWAYS AS (c + id) STORED);

ALTER TABLE both_gone DROP COLUMN c, DROP COLUMN g;
--! 2BP01: cannot drop column c of table both_gone because other objects depend on it

ALTER TABLE both_gone DROP COLUMN g, DROP COLUMN c;

SELECT * FROM both_gone;
--> id

CREATE TABLE wrong (id integer, g double precision GENERATED ALWAYS AS (random()) STORED);
--! 42P17: generation expression is not immutable

CREATE TABLE wrong (id integer, d date, g text GENERATED ALWAYS AS (d::text) STORED);
--! 42P17: generation expression is not immutable

CREATE TABLE wrong (id integer, g integer GENERATED ALWAYS AS (h + 1) STORED, h integer GENERATED ALWAYS AS (id + 1) STORED);
--! 42P17: cannot use generated column "h" in column generation expression

CREATE TABLE wrong (id integer, g integer GENERATED ALWAYS AS (nope + 1) STORED);
--! 42703: column "nope" does not exist

CREATE TABLE right_one (id integer, s timestamp, g timestamp GENERATED ALWAYS AS (date_trunc('day', s)) STORED, t text GENERATED ALWAYS AS ('n' || id::text) STORED);

CREATE TABLE indexed (id integer PRIMARY KEY, a integer, b integer, c integer UNIQUE, CHECK (a < b));

CREATE INDEX ON indexed (a, b);

INSERT INTO indexed VALUES (1, 1, 2, 3);

ALTER TABLE indexed DROP COLUMN b;

INSERT INTO indexed VALUES (2, 5, 4);

CREATE TABLE refers (id integer PRIMARY KEY, c integer REFERENCES indexed (c));

ALTER TABLE indexed DROP COLUMN c CASCADE;

SELECT * FROM indexed ORDER BY id;
--> id | a
--> 1 | 1
--> 2 | 5
