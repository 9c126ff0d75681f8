-- The row id and its aliases
-- oracle: sqlite
-- chapter: types

CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT);

INSERT INTO t VALUES (5, 'a'), (7, 'b');

SELECT rowid, id, _rowid_, oid FROM t ORDER BY rowid;
--> id | id | id | id
--> 5 | 5 | 5 | 5
--> 7 | 7 | 7 | 7

SELECT x FROM t WHERE rowid = 7;
--> x
--> b

CREATE TABLE u (a TEXT, PRIMARY KEY (a)) WITHOUT ROWID;

INSERT INTO u VALUES ('z'), ('y');

SELECT * FROM u ORDER BY a;
--> a
--> y
--> z

SELECT rowid FROM u;
--! no such column: rowid
