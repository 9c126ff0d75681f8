-- CREATE INDEX: partial, of expressions, unique
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE t (a INTEGER, b TEXT, c INTEGER);

INSERT INTO t VALUES (1, 'X', 1), (2, 'y', 1), (3, NULL, 2);

CREATE INDEX i1 ON t (a DESC, b COLLATE NOCASE);

CREATE INDEX i2 ON t (lower(b));

CREATE INDEX i3 ON t (a + c) WHERE a > 1;

CREATE UNIQUE INDEX i4 ON t (b);

CREATE UNIQUE INDEX i5 ON t (c);
--! UNIQUE constraint failed: t.c

CREATE UNIQUE INDEX i6 ON t (c) WHERE a > 1;

CREATE INDEX i1 ON t (a);
--! index i1 already exists

CREATE INDEX IF NOT EXISTS i1 ON t (a);

CREATE INDEX i7 ON t (nothing_here);
--! no such column: nothing_here

CREATE INDEX i7 ON nowhere (a);
--! no such table: main.nowhere

INSERT INTO t VALUES (4, 'X', 5);
--! UNIQUE constraint failed: t.b

INSERT INTO t VALUES (5, 'z', 2);
--! UNIQUE constraint failed: t.c

INSERT INTO t VALUES (6, NULL, 9), (7, NULL, 10);

SELECT name, "unique", origin, partial FROM pragma_index_list('t') ORDER BY name;
--> name | unique | origin | partial
--> i1 | 0 | c | 0
--> i2 | 0 | c | 0
--> i3 | 0 | c | 1
--> i4 | 1 | c | 0
--> i6 | 1 | c | 1

SELECT seqno, cid, name FROM pragma_index_info('i1') ORDER BY seqno;
--> seqno | cid | name
--> 0 | 0 | a
--> 1 | 1 | b

SELECT a FROM t WHERE lower(b) = 'x';
--> a
--> 1

SELECT a FROM t INDEXED BY i1 WHERE a = 1;
--> a
--> 1

SELECT a FROM t INDEXED BY no_such WHERE a = 1;
--! no such index: no_such

SELECT a FROM t NOT INDEXED WHERE a = 1;
--> a
--> 1

REINDEX t;

DROP INDEX i4;

INSERT INTO t VALUES (8, 'X', 11);
