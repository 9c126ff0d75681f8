-- ADD COLUMN with generated values, and what cannot be added
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER);

INSERT INTO t VALUES (1, 10), (2, 20);

ALTER TABLE t ADD COLUMN twice INTEGER AS (a * 2);

ALTER TABLE t ADD COLUMN label TEXT GENERATED ALWAYS AS ('n' || a) VIRTUAL;

SELECT * FROM t ORDER BY id;
--> id | a | twice | label
--> 1 | 10 | 20 | n10
--> 2 | 20 | 40 | n20

INSERT INTO t (a) VALUES (30) RETURNING twice, label;
--> twice | label
--> 60 | n30

UPDATE t SET a = 11 WHERE id = 1 RETURNING twice, label;
--> twice | label
--> 22 | n11

ALTER TABLE t ADD COLUMN kept INTEGER AS (a) STORED;
--! cannot add a STORED column

ALTER TABLE t ADD COLUMN u UNIQUE;
--! Cannot add a UNIQUE column

ALTER TABLE t ADD COLUMN p INTEGER PRIMARY KEY;
--! Cannot add a PRIMARY KEY column

ALTER TABLE t ADD COLUMN n INTEGER NOT NULL;
--! Cannot add a NOT NULL column with default value NULL
