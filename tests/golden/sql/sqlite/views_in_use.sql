-- Views of views, their columns, and what happens when tables below change
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE trades (id INTEGER PRIMARY KEY, symbol TEXT, price REAL, quantity INTEGER);

INSERT INTO trades VALUES (1, 'A', 10.0, 5), (2, 'A', 11.0, -3), (3, 'B', 7.0, 1);

CREATE VIEW amounts AS SELECT *, price * quantity AS amount FROM trades;

CREATE VIEW totals (symbol, n, total) AS SELECT symbol, count(*), sum(amount) FROM amounts GROUP BY symbol;

CREATE VIEW large AS SELECT * FROM totals WHERE abs(total) > 10;

SELECT * FROM large ORDER BY symbol;
--> symbol | n | total
--> A | 2 | 17.0

INSERT INTO trades VALUES (4, 'B', 8.0, 2);

SELECT * FROM large ORDER BY symbol;
--> symbol | n | total
--> A | 2 | 17.0
--> B | 2 | 23.0

SELECT l.symbol, a.id, round(a.amount / l.total, 3) AS share FROM large l JOIN amounts a USING (symbol) ORDER BY a.id;
--> symbol | id | share
--> A | 1 | 2.941
--> A | 2 | -1.941
--> B | 3 | 0.304
--> B | 4 | 0.696

CREATE VIEW amounts AS SELECT 1;
--! view amounts already exists

CREATE VIEW IF NOT EXISTS amounts AS SELECT 1;

INSERT INTO amounts VALUES (1);
--! cannot modify amounts because it is a view

DELETE FROM totals;
--! cannot modify totals because it is a view

SELECT name, type FROM pragma_table_info('totals') ORDER BY cid;
--> name | type
--> symbol | TEXT
--> n |
--> total |
--~> name | type
--~> symbol |
--~> n |
--~> total |

SELECT name, type FROM sqlite_schema WHERE type = 'view' ORDER BY name;
--> name | type
--> amounts | view
--> large | view
--> totals | view

CREATE VIEW broken (a, b) AS SELECT 1;

SELECT * FROM broken;
--! expected 2 columns for 'broken' but got 1

DROP VIEW broken;

DROP TABLE amounts;
--! use DROP VIEW to delete view amounts

DROP VIEW trades;
--! use DROP TABLE to delete table trades

DROP VIEW large;

SELECT * FROM large;
--! no such table: large

CREATE VIEW paired AS SELECT a.id, b.id AS other FROM trades a JOIN trades b ON a.symbol = b.symbol AND a.id < b.id;

SELECT * FROM paired ORDER BY id;
--> id | other
--> 1 | 2
--> 3 | 4

WITH t AS (SELECT * FROM totals) SELECT max(total) AS top FROM t;
--> top
--> 23.0
