-- changes(), total_changes(), last_insert_rowid()
-- oracle: sqlite
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, a);

INSERT INTO t VALUES (5, 'x'), (9, 'y');

SELECT changes(), last_insert_rowid();
--> changes() | last_insert_rowid()
--> 2 | 9

UPDATE t SET a = 'x';

SELECT changes(), total_changes();
--> changes() | total_changes()
--> 2 | 4

UPDATE t SET a = 'z' WHERE 0;

SELECT changes(), total_changes();
--> changes() | total_changes()
--> 0 | 4

DELETE FROM t WHERE id = 5;

SELECT changes(), total_changes(), last_insert_rowid();
--> changes() | total_changes() | last_insert_rowid()
--> 1 | 5 | 9

INSERT OR IGNORE INTO t VALUES (9, 'q');

SELECT changes(), last_insert_rowid();
--> changes() | last_insert_rowid()
--> 0 | 9

INSERT OR REPLACE INTO t VALUES (9, 'q');

SELECT changes(), last_insert_rowid();
--> changes() | last_insert_rowid()
--> 1 | 9

SELECT 1 WHERE 0;
--> 1

SELECT changes();
--> changes()
--> 1

CREATE TABLE u (x);

SELECT changes();
--> changes()
--> 1

BEGIN;

INSERT INTO t VALUES (100, 'r');

ROLLBACK;

SELECT last_insert_rowid(), changes();
--> last_insert_rowid() | changes()
--> 100 | 1
