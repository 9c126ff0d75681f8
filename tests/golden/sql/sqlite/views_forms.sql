-- Views, and triggers instead of changes
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE t (a INTEGER, b TEXT);

INSERT INTO t VALUES (1, 'x'), (2, 'y');

CREATE VIEW v AS SELECT a, b FROM t WHERE a > 1;

CREATE VIEW named (p, q) AS SELECT a, b || '!' FROM t;

SELECT * FROM v;
--> a | b
--> 2 | y

SELECT q FROM named ORDER BY p;
--> q
--> x!
--> y!

CREATE VIEW v AS SELECT 1;
--! view v already exists

CREATE VIEW IF NOT EXISTS v AS SELECT 1;

INSERT INTO v VALUES (3, 'z');
--! cannot modify v because it is a view

UPDATE v SET a = 1;
--! cannot modify v because it is a view

DELETE FROM v;
--! cannot modify v because it is a view

CREATE VIEW few (x) AS SELECT 1, 2;

SELECT * FROM few;
--! expected 1 columns for 'few' but got 2

CREATE VIEW broken AS SELECT nothing_here FROM t;

SELECT * FROM broken;
--! no such column: nothing_here

CREATE TEMP VIEW tv AS SELECT count(*) AS n FROM t;

SELECT n FROM tv;
--> n
--> 2

SELECT name, type FROM sqlite_schema WHERE type = 'view' ORDER BY name;
--> name | type
--> broken | view
--> few | view
--> named | view
--> v | view

DROP VIEW v;
