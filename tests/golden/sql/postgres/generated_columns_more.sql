-- Generated columns: what they may not do
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (a INTEGER, b INTEGER, total INTEGER GENERATED ALWAYS AS (a + b) STORED, label TEXT GENERATED ALWAYS AS ('n' || a) STORED);

INSERT INTO t VALUES (1, 2), (NULL, 1);

SELECT * FROM t ORDER BY a;
--> a | b | total | label
--> 1 | 2 | 3 | n1
--> NULL | 1 | NULL | NULL

INSERT INTO t (a, total) VALUES (1, 5);
--! 428C9: cannot insert a non-DEFAULT value into column "total"

INSERT INTO t (a, total) VALUES (5, DEFAULT) RETURNING *;
--> a | b | total | label
--> 5 | NULL | NULL | n5

UPDATE t SET total = 1;
--! 428C9: column "total" can only be updated to DEFAULT

UPDATE t SET total = DEFAULT WHERE a = 5 RETURNING total;
--> total
--> NULL

UPDATE t SET b = 10 WHERE a = 5 RETURNING total, label;
--> total | label
--> 15 | n5

CREATE TABLE bad (a INTEGER, b INTEGER GENERATED ALWAYS AS (a) STORED, c INTEGER GENERATED ALWAYS AS (b) STORED);
--! 42P17: cannot use generated column "b" in column generation expression

CREATE TABLE bad_too (a FLOAT8 GENERATED ALWAYS AS (random()) STORED);
--! 42P17: generation expression is not immutable

CREATE TABLE bad_itself (a INTEGER GENERATED ALWAYS AS (a + 1) STORED);
--! 42P17: cannot use generated column "a" in column generation expression

CREATE TABLE bad_default (a INTEGER, b INTEGER DEFAULT 1 GENERATED ALWAYS AS (a) STORED);
--! 42601: both default and generation expression specified for column "b" of table "bad_default"

CREATE TABLE bad (a INTEGER, b INTEGER GENERATED ALWAYS AS (a));
--! 42601: syntax error at or near ")"

ALTER TABLE t ALTER total DROP EXPRESSION;

UPDATE t SET total = 7 WHERE a = 5 RETURNING total;
--> total
--> 7

CREATE UNIQUE INDEX t_label ON t (label);

INSERT INTO t (a) VALUES (5);
--! 23505: duplicate key value violates unique constraint "t_label"

ALTER TABLE t DROP COLUMN a;
--! 2BP01: cannot drop column a of table t because other objects depend on it
