-- ALTER TABLE
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);

INSERT INTO t VALUES (1, 'x', 10);

ALTER TABLE t ADD COLUMN c TEXT DEFAULT 'new';

ALTER TABLE t ADD d;

SELECT * FROM t;
--> id | a | b | c | d
--> 1 | x | 10 | new | NULL

ALTER TABLE t ADD COLUMN e TEXT NOT NULL;
--! Cannot add a NOT NULL column with default value NULL

ALTER TABLE t ADD COLUMN e TEXT NOT NULL DEFAULT 'e';

ALTER TABLE t ADD COLUMN a INTEGER;
--! duplicate column name: a

ALTER TABLE t ADD COLUMN f INTEGER PRIMARY KEY;
--! Cannot add a PRIMARY KEY column

ALTER TABLE t ADD COLUMN g INTEGER UNIQUE;
--! Cannot add a UNIQUE column

ALTER TABLE t RENAME COLUMN a TO name;

ALTER TABLE t RENAME b TO n;

SELECT name, n FROM t;
--> name | n
--> x | 10

ALTER TABLE t RENAME COLUMN nothing_here TO x;
--! no such column: "nothing_here"

ALTER TABLE t DROP COLUMN d;

ALTER TABLE t DROP COLUMN id;
--! cannot drop PRIMARY KEY column: "id"

ALTER TABLE t DROP COLUMN nothing_here;
--! no such column: "nothing_here"

SELECT * FROM t;
--> id | name | n | c | e
--> 1 | x | 10 | new | e

ALTER TABLE t RENAME TO u;

SELECT count(*) FROM u;
--> count(*)
--> 1

SELECT count(*) FROM t;
--! no such table: t

ALTER TABLE nowhere RENAME TO x;
--! no such table: nowhere

CREATE TABLE taken (x);

ALTER TABLE u RENAME TO taken;
--! there is already another table or index with this name: taken

CREATE INDEX u_n ON u (n);

ALTER TABLE u DROP COLUMN n;
--! error in index u_n after drop column: no such column: n
--~

CREATE TABLE d (x);

INSERT INTO d VALUES (1);

ALTER TABLE d ADD COLUMN minus REAL DEFAULT -0.5;

ALTER TABLE d ADD COLUMN plus REAL DEFAULT +0.5;

ALTER TABLE d ADD COLUMN moment TEXT DEFAULT CURRENT_TIMESTAMP;
--! Cannot add a column with non-constant default

ALTER TABLE d ADD COLUMN computed DEFAULT (abs(-1));
--! Cannot add a column with non-constant default

SELECT * FROM d;
--> x | minus | plus
--> 1 | -0.5 | 0.5
