-- Tables, columns, views, sequences and types made or dropped behind a savepoint, and taken back
-- oracle: postgres
-- chapter: transactions

CREATE TABLE k (id INTEGER PRIMARY KEY, x INTEGER);

INSERT INTO k VALUES (1, 10), (2, 20);

BEGIN;

INSERT INTO k VALUES (3, 30);

SAVEPOINT a;

DROP TABLE k;

SELECT count(*) FROM k;
--! 42P01: relation "k" does not exist

ROLLBACK TO a;

SELECT count(*) FROM k;
--> count
--> 3

TRUNCATE k;

SELECT count(*) FROM k;
--> count
--> 0

ROLLBACK TO a;

CREATE TABLE m (a INTEGER);

INSERT INTO m VALUES (1);

ROLLBACK TO a;

CREATE TABLE m (a TEXT);

INSERT INTO m VALUES ('x');

SELECT * FROM m;
--> a
--> x

ROLLBACK TO a;

CREATE VIEW v AS SELECT sum(x) AS s FROM k;

SELECT * FROM v;
--> s
--> 60

ROLLBACK TO a;

SELECT sum(x) AS s FROM k;
--> s
--> 60

COMMIT;

SELECT count(*) FROM k;
--> count
--> 3

BEGIN;

CREATE TYPE mood AS ENUM ('a', 'b');

CREATE TABLE e (m mood);

INSERT INTO e VALUES ('a');

SAVEPOINT b;

DROP TABLE e;

DROP TYPE mood;

ROLLBACK TO b;

SELECT * FROM e;
--> m
--> a

CREATE SEQUENCE q;

SELECT nextval('q') AS first;
--> first
--> 1

SAVEPOINT c;

ALTER SEQUENCE q RESTART WITH 50;

ROLLBACK TO c;

SELECT nextval('q') AS second;
--> second
--> 2

COMMIT;

SELECT m::text AS m, nextval('q') AS third FROM e;
--> m | third
--> a | 3

BEGIN;

SAVEPOINT d;

ALTER TABLE k ADD COLUMN y INTEGER DEFAULT 7;

SELECT * FROM k ORDER BY id;
--> id | x | y
--> 1 | 10 | 7
--> 2 | 20 | 7
--> 3 | 30 | 7

ROLLBACK TO d;

SELECT * FROM k ORDER BY id;
--> id | x
--> 1 | 10
--> 2 | 20
--> 3 | 30

ROLLBACK;

BEGIN;

UPDATE k SET x = 0 WHERE id = 1;

SAVEPOINT d;

ALTER TABLE k ADD COLUMN y INTEGER DEFAULT 7;

ROLLBACK TO d;

SELECT * FROM k ORDER BY id;
--> id | x
--> 1 | 0
--> 2 | 20
--> 3 | 30

ROLLBACK;

SELECT * FROM k ORDER BY id;
--> id | x
--> 1 | 10
--> 2 | 20
--> 3 | 30
