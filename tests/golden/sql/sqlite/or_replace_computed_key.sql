-- OR REPLACE and OR IGNORE where a unique index is of an expression
-- oracle: sqlite
-- chapter: changes

CREATE TABLE t (a INTEGER, b TEXT);

CREATE UNIQUE INDEX tl ON t (lower(b));

CREATE UNIQUE INDEX tn ON t (a IS NULL, b);

INSERT INTO t VALUES (1, 'x'), (NULL, 'y');

INSERT OR REPLACE INTO t VALUES (2, 'X');

SELECT * FROM t ORDER BY b;
--> a | b
--> 2 | X
--> NULL | y

INSERT OR IGNORE INTO t VALUES (3, 'Y');

UPDATE OR REPLACE t SET b = 'y' WHERE a = 2;

SELECT * FROM t ORDER BY b;
--> a | b
--> 2 | y

REPLACE INTO t VALUES (NULL, 'y'), (5, 'Y'), (6, 'z');

SELECT * FROM t ORDER BY b;
--> a | b
--> 5 | Y
--> 6 | z
