-- OR REPLACE: generated columns are made of the defaults that it takes for NULL
-- oracle: sqlite
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'abc', n INTEGER AS (length(a)) STORED);

REPLACE INTO t (id, a) VALUES (1, NULL);

INSERT OR REPLACE INTO t (id, a) VALUES (2, 'q');

UPDATE OR REPLACE t SET a = NULL WHERE id = 2;

SELECT * FROM t ORDER BY id;
--> id | a | n
--> 1 | abc | 3
--> 2 | abc | 3
