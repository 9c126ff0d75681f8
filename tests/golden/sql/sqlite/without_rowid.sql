-- WITHOUT ROWID
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE w (k TEXT PRIMARY KEY, v INTEGER) WITHOUT ROWID;

INSERT INTO w VALUES ('b', 2), ('a', 1);

SELECT * FROM w;
--> k | v
--> a | 1
--> b | 2

INSERT INTO w VALUES ('a', 9);
--! UNIQUE constraint failed: w.k

INSERT INTO w VALUES (NULL, 9);
--! NOT NULL constraint failed: w.k

SELECT rowid FROM w;
--! no such column: rowid

INSERT OR REPLACE INTO w VALUES ('a', 7);

SELECT * FROM w ORDER BY k;
--> k | v
--> a | 7
--> b | 2

CREATE TABLE none (a) WITHOUT ROWID;
--! PRIMARY KEY missing on table none

CREATE TABLE i (id INTEGER PRIMARY KEY, x) WITHOUT ROWID;

INSERT INTO i (x) VALUES ('no id is made');
--! NOT NULL constraint failed: i.id
--~

INSERT INTO i VALUES (1, 'x');

CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT) WITHOUT ROWID;
--! AUTOINCREMENT not allowed on WITHOUT ROWID tables

CREATE TABLE c (a, b, v, PRIMARY KEY (b DESC, a)) WITHOUT ROWID;

INSERT INTO c VALUES (1, 1, 'x'), (2, 1, 'y'), (1, 2, 'z');

SELECT v FROM c ORDER BY b DESC, a;
--> v
--> z
--> x
--> y
