-- Views of views, and what happens when one below changes
-- oracle: postgres
-- chapter: definitions

CREATE TABLE trades (id INTEGER PRIMARY KEY, symbol TEXT, price NUMERIC, quantity INTEGER);

INSERT INTO trades VALUES (1, 'A', 10, 5), (2, 'A', 11, -3), (3, 'B', 7, 1);

CREATE VIEW amounts AS SELECT *, price * quantity AS amount FROM trades;

CREATE VIEW totals (symbol, n, total) AS SELECT symbol, count(*), sum(amount) FROM amounts GROUP BY symbol;

CREATE VIEW large AS SELECT t.* FROM totals t WHERE abs(total) > 10;

SELECT * FROM large ORDER BY symbol;
--> symbol | n | total
--> A | 2 | 17

INSERT INTO trades VALUES (4, 'B', 8, 2);

SELECT * FROM large ORDER BY symbol;
--> symbol | n | total
--> A | 2 | 17
--> B | 2 | 23

SELECT l.symbol, a.id, round(a.amount / l.total, 3) AS share FROM large l JOIN amounts a USING (symbol) ORDER BY a.id;
--> symbol | id | share
--> A | 1 | 2.941
--> A | 2 | -1.941
--> B | 3 | 0.304
--> B | 4 | 0.696

CREATE OR REPLACE VIEW amounts AS SELECT *, price * abs(quantity) AS amount FROM trades;

SELECT * FROM totals ORDER BY symbol;
--> symbol | n | total
--> A | 2 | 83
--> B | 2 | 23

CREATE OR REPLACE VIEW totals (symbol, n) AS SELECT symbol, count(*) FROM trades GROUP BY symbol;
--! 42P16: cannot drop columns from view

CREATE OR REPLACE VIEW totals (symbol, n, total, mean) AS SELECT symbol, count(*), sum(amount), avg(price) FROM amounts GROUP BY symbol;

SELECT symbol, round(mean, 2) AS mean FROM totals ORDER BY symbol;
--> symbol | mean
--> A | 10.50
--> B | 7.50

ALTER TABLE trades ADD COLUMN note TEXT;

SELECT * FROM amounts WHERE id = 1;
--> id | symbol | price | quantity | amount
--> 1 | A | 10 | 5 | 50
--~> id | symbol | price | quantity | note | amount
--~> 1 | A | 10 | 5 | NULL | 50

DROP VIEW amounts;
--! 2BP01: cannot drop view amounts because other objects depend on it
--~

DROP TABLE trades;
--! 2BP01: cannot drop table trades because other objects depend on it
--~

DROP VIEW amounts CASCADE;
--~! 42P01: view "amounts" does not exist

SELECT count(*) FROM large;
--! 42P01: relation "large" does not exist
--~! 42P01: relation "amounts" does not exist

DROP TABLE trades CASCADE;
--~! 42P01: table "trades" does not exist

CREATE VIEW self AS SELECT * FROM self;
--! 42P01: relation "self" does not exist
