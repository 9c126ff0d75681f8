-- changes(), total_changes() and last_insert_rowid()
-- oracle: sqlite
-- chapter: changes

SELECT changes(), total_changes(), last_insert_rowid();
--> changes() | total_changes() | last_insert_rowid()
--> 0 | 0 | 0

CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT UNIQUE);

INSERT INTO t VALUES (5, 'x'), (7, 'y');

SELECT changes(), total_changes(), last_insert_rowid();
--> changes() | total_changes() | last_insert_rowid()
--> 2 | 2 | 7

UPDATE t SET b = b || '!';

INSERT OR REPLACE INTO t VALUES (9, 'x!');

SELECT changes(), total_changes(), last_insert_rowid();
--> changes() | total_changes() | last_insert_rowid()
--> 1 | 5 | 9

INSERT INTO t VALUES (5, 'z') ON CONFLICT DO NOTHING;

SELECT changes(), total_changes(), last_insert_rowid();
--> changes() | total_changes() | last_insert_rowid()
--> 1 | 6 | 5

DELETE FROM t;

SELECT changes(), total_changes(), last_insert_rowid();
--> changes() | total_changes() | last_insert_rowid()
--> 3 | 9 | 5
