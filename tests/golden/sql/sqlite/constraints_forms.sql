-- NOT NULL, UNIQUE and CHECK with their words
-- oracle: sqlite
-- chapter: constraints

CREATE TABLE t (a TEXT NOT NULL, b TEXT UNIQUE, c INTEGER CHECK (c > 0), d INTEGER CONSTRAINT even CHECK (d % 2 = 0), CHECK (c < 100), CONSTRAINT pair UNIQUE (c, d));

INSERT INTO t VALUES ('a', 'b', 1, 2);

INSERT INTO t VALUES (NULL, 'x', 1, 4);
--! NOT NULL constraint failed: t.a

INSERT INTO t VALUES ('x', 'b', 1, 4);
--! UNIQUE constraint failed: t.b

INSERT INTO t VALUES ('x', 'x', -1, 4);
--! CHECK constraint failed: c > 0

INSERT INTO t VALUES ('x', 'x', 1, 3);
--! CHECK constraint failed: even

INSERT INTO t VALUES ('x', 'x', 100, 4);
--! CHECK constraint failed: even
--~! CHECK constraint failed: c < 100

INSERT INTO t VALUES ('x', 'x', 1, 2);
--! UNIQUE constraint failed: t.c, t.d

INSERT INTO t VALUES ('x', NULL, NULL, NULL), ('y', NULL, NULL, NULL);

UPDATE t SET a = NULL;
--! NOT NULL constraint failed: t.a

UPDATE t SET c = 0 WHERE a = 'a';
--! CHECK constraint failed: c > 0

SELECT count(*) FROM t;
--> count(*)
--> 3

INSERT INTO t VALUES ('x', 'x', 'text', 4);
--! CHECK constraint failed: even
--~! cannot store TEXT value in BIGINT column t.c

CREATE TABLE bad (a, CHECK (b > 1));
--! no such column: b

CREATE TABLE bad (a CHECK (a > (SELECT 1)));
--! subqueries prohibited in CHECK constraints

CREATE TABLE n (a NOT NULL DEFAULT 'd');

INSERT INTO n VALUES (NULL);
--! NOT NULL constraint failed: n.a

INSERT INTO n DEFAULT VALUES;
