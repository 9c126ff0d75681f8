-- ON CONFLICT as a part of constraints
-- oracle: sqlite
-- chapter: changes

CREATE TABLE t (id INTEGER PRIMARY KEY ON CONFLICT REPLACE, u TEXT UNIQUE ON CONFLICT IGNORE, n TEXT NOT NULL ON CONFLICT IGNORE DEFAULT 'd');
--~! ON CONFLICT in a definition is not supported

INSERT INTO t VALUES (1, 'a', 'x');
--~! no such table: t

INSERT INTO t VALUES (1, 'b', 'y');
--~! no such table: t

SELECT * FROM t;
--> id | u | n
--> 1 | b | y
--~! no such table: t
