-- ADD COLUMN: a DEFAULT that is computed has no place in a table with rows
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE t (a INTEGER);

INSERT INTO t VALUES (1);

ALTER TABLE t ADD COLUMN b INTEGER DEFAULT -5;

ALTER TABLE t ADD COLUMN c INTEGER DEFAULT (1 + 1);
--! Cannot add a column with non-constant default

ALTER TABLE t ADD COLUMN d TEXT DEFAULT CURRENT_TIME;
--! Cannot add a column with non-constant default

SELECT * FROM t;
--> a | b
--> 1 | -5
