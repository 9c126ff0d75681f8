-- INTEGER PRIMARY KEY and AUTOINCREMENT give ids
-- oracle: sqlite
-- chapter: types

CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT);

INSERT INTO t (x) VALUES ('a'), ('b');

SELECT id, x FROM t ORDER BY id;
--> id | x
--> 1 | a
--> 2 | b
--~> id | x
--~> 1320 | a
--~> 1437 | b

DELETE FROM t WHERE id = 2;

INSERT INTO t (x) VALUES ('c');

SELECT id, x FROM t ORDER BY id;
--> id | x
--> 1 | a
--> 3 | c
--~> id | x
--~> 1151 | c
--~> 1320 | a
--~> 1437 | b

SELECT last_insert_rowid() AS last, changes() AS changed;
--> last | changed
--> 3 | 1
--~> last | changed
--~> 1151 | 1
