-- DEFAULTs: constants, expressions, functions, and when they are not taken
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER DEFAULT 1 + 2, b TEXT DEFAULT upper('x') || 'y', c NUMERIC(6,2) DEFAULT 1.005, d DATE DEFAULT '2024-02-28'::date + 1, e INTEGER[] DEFAULT '{1,2}', f JSONB DEFAULT '{}', g BOOLEAN DEFAULT NULL, h INTEGER);

INSERT INTO t (id) VALUES (1) RETURNING *;
--> id | a | b | c | d | e | f | g | h
--> 1 | 3 | Xy | 1.01 | 2024-02-29 | {1,2} | {} | NULL | NULL

INSERT INTO t VALUES (2, DEFAULT, NULL, DEFAULT, DEFAULT, DEFAULT, DEFAULT, true, DEFAULT) RETURNING *;
--> id | a | b | c | d | e | f | g | h
--> 2 | 3 | NULL | 1.01 | 2024-02-29 | {1,2} | {} | t | NULL

INSERT INTO t VALUES (3, 7) RETURNING a, b, h;
--> a | b | h
--> 7 | Xy | NULL

INSERT INTO t (id, a) VALUES (4, DEFAULT), (5, 50);

INSERT INTO t (id, a) SELECT 6, NULL;

SELECT id, a, b FROM t ORDER BY id;
--> id | a | b
--> 1 | 3 | Xy
--> 2 | 3 | NULL
--> 3 | 7 | Xy
--> 4 | 3 | Xy
--> 5 | 50 | Xy
--> 6 | NULL | Xy

UPDATE t SET a = DEFAULT, h = DEFAULT WHERE id = 3 RETURNING a, h;
--> a | h
--> 3 | NULL

UPDATE t SET (a, b) = (DEFAULT, 'set') WHERE id = 5 RETURNING a, b;
--> a | b
--> 3 | set

ALTER TABLE t ALTER COLUMN h SET DEFAULT 9;

INSERT INTO t (id) VALUES (7) RETURNING h;
--> h
--> 9

SELECT count(*) FROM t WHERE h IS NULL;
--> count
--> 6

ALTER TABLE t ADD COLUMN i INTEGER DEFAULT 5;

SELECT DISTINCT i FROM t;
--> i
--> 5

INSERT INTO t DEFAULT VALUES;
--! 23502: null value in column "id" of relation "t" violates not-null constraint

CREATE TABLE s (id SERIAL PRIMARY KEY, x INTEGER DEFAULT 4);

INSERT INTO s DEFAULT VALUES RETURNING *;
--> id | x
--> 1 | 4

INSERT INTO s (x) VALUES (DEFAULT), (6) RETURNING *;
--> id | x
--> 2 | 4
--> 3 | 6

CREATE TABLE bad (x INTEGER DEFAULT 'word');
--! 22P02: invalid input syntax for type integer: "word"

CREATE TABLE bad (x INTEGER DEFAULT y, y INTEGER);
--! 0A000: cannot use column reference in DEFAULT expression

CREATE TABLE bad (x INTEGER DEFAULT (SELECT 1));
--! 0A000: cannot use subquery in DEFAULT expression

CREATE TABLE bad (x INTEGER DEFAULT sum(1));
--! 42803: aggregate functions are not allowed in DEFAULT expressions

SELECT DEFAULT;
--! 42601: DEFAULT is not allowed in this context
