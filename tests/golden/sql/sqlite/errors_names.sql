-- Names that are not there
-- oracle: sqlite
-- chapter: errors

CREATE TABLE a (id INTEGER, x INTEGER);

CREATE TABLE b (id INTEGER, y INTEGER);

SELECT q FROM a;
--! no such column: q

SELECT a.q FROM a;
--! no such column: a.q

SELECT q.id FROM a;
--! no such column: q.id

SELECT id FROM a, b;
--! ambiguous column name: id

SELECT q.* FROM a;
--! no such table: q

SELECT * FROM q;
--! no such table: q

SELECT main.q.id FROM a;
--! no such column: main.q.id

SELECT no_function(1);
--! no such function: no_function

SELECT abs(1, 2);
--! wrong number of arguments to function abs()

SELECT x FROM a ORDER BY q;
--! no such column: q

SELECT x FROM a GROUP BY q;
--! no such column: q

SELECT x FROM a WHERE q = 1;
--! no such column: q

SELECT (SELECT q) FROM a;
--! no such column: q

SELECT * FROM a JOIN b ON a.id = q.id;
--! no such column: q.id

SELECT * FROM a JOIN b USING (x);
--! cannot join using column x - column not present in both tables

INSERT INTO a (q) VALUES (1);
--! table a has no column named q

UPDATE a SET q = 1;
--! no such column: q

UPDATE a SET x = q;
--! no such column: q

CREATE INDEX i ON a (q);
--! no such column: q

CREATE TABLE a (z);
--! table a already exists

CREATE INDEX a ON b (y);
--! there is already a table named a

CREATE VIEW a AS SELECT 1;
--! table a already exists

SELECT x COLLATE q FROM a;
--> x COLLATE q
--~! no such collation sequence: q

SELECT rowid FROM (SELECT 1);
--! no such column: rowid
