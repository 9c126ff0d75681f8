-- RETURNING
-- oracle: sqlite
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b TEXT DEFAULT 'd');

INSERT INTO t (a) VALUES (1), (2) RETURNING a, b, a * 2 AS twice;
--> a | b | twice
--> 1 | d | 2
--> 2 | d | 4

INSERT INTO t (id, a) VALUES (50, 5) RETURNING *, 'x' AS constant;
--> id | a | b | constant
--> 50 | 5 | d | x

INSERT INTO t (id, a) VALUES (51, 5) RETURNING t.id, rowid;
--> id | id
--> 51 | 51

UPDATE t SET a = a + 1 WHERE id = 50 RETURNING a, (SELECT 1);
--> a | (SELECT 1)
--> 6 | 1

DELETE FROM t WHERE id = 51 RETURNING id;
--> id
--> 51

INSERT INTO t (id) VALUES (60) RETURNING sum(id);
--! misuse of aggregate function sum()

INSERT INTO t (id) VALUES (60) RETURNING no_such_column;
--! no such column: no_such_column

INSERT OR IGNORE INTO t (id) VALUES (50) RETURNING id;
--> id

INSERT OR REPLACE INTO t (id, a) VALUES (50, 9) RETURNING a;
--> a
--> 9

SELECT * FROM (DELETE FROM t RETURNING id);
--! near "DELETE": syntax error
--~! WITH clause containing a data-modifying statement must be at the top level
