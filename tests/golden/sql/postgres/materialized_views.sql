-- A materialized view of groups
-- oracle: postgres
-- chapter: definitions

CREATE TABLE accounts (id BIGINT PRIMARY KEY, owner TEXT NOT NULL, country TEXT);

CREATE TABLE trades (id BIGINT PRIMARY KEY, account BIGINT NOT NULL, symbol TEXT NOT NULL, quantity INTEGER, price NUMERIC(12, 4) NOT NULL, fee BIGINT, executed_at TIMESTAMP NOT NULL);

INSERT INTO accounts VALUES (1, 'ada', 'UK'), (2, 'bob', NULL), (3, 'cyd', 'US');

INSERT INTO trades VALUES (10, 1, 'ACME', 5, 10.5, 3, '2026-01-05 09:30:10'), (11, 1, 'BETA', 7, 2.25, NULL, '2026-01-05 09:30:50'), (12, 2, 'ACME', NULL, 11.0, 9000000000000000000, '2026-01-05 09:31:05'), (13, 3, 'GAMA', 1, 100.0, 9000000000000000000, '2026-01-06 10:00:00'), (14, 9, 'ACME', 3, 9.75, 1, '2026-01-06 10:00:59.5');

CREATE MATERIALIZED VIEW by_symbol AS SELECT symbol, count(*) AS trades, count(quantity) AS counted, sum(quantity) AS volume, avg(quantity) AS mean, min(price) AS low, max(price) AS high, sum(fee) AS fees, avg(price) AS mean_price FROM trades GROUP BY symbol;

SELECT * FROM by_symbol ORDER BY symbol;
--> symbol | trades | counted | volume | mean | low | high | fees | mean_price
--> ACME | 3 | 2 | 8 | 4.0000000000000000 | 9.7500 | 11.0000 | 9000000000000000004 | 10.4166666666666667
--> BETA | 1 | 1 | 7 | 7.0000000000000000 | 2.2500 | 2.2500 | NULL | 2.2500000000000000
--> GAMA | 1 | 1 | 1 | 1.00000000000000000000 | 100.0000 | 100.0000 | 9000000000000000000 | 100.0000000000000000

SELECT symbol, volume, mean FROM by_symbol WHERE symbol = 'ACME';
--> symbol | volume | mean
--> ACME | 8 | 4.0000000000000000

SELECT symbol, trades FROM by_symbol WHERE symbol > 'ACME' ORDER BY symbol DESC;
--> symbol | trades
--> GAMA | 1
--> BETA | 1

SELECT sum(trades), max(high) FROM by_symbol;
--> sum | max
--> 5 | 100.0000

SELECT b.symbol, b.volume * 2 AS twice FROM by_symbol b WHERE b.volume IS NOT NULL ORDER BY twice;
--> symbol | twice
--> GAMA | 2
--> BETA | 14
--> ACME | 16

INSERT INTO by_symbol VALUES ('X', 1, 1, 1, 1, 1, 1, 1, 1);
--! 42809: cannot change materialized view "by_symbol"

UPDATE by_symbol SET volume = 1;
--! 42809: cannot change materialized view "by_symbol"

DELETE FROM by_symbol;
--! 42809: cannot change materialized view "by_symbol"

TRUNCATE by_symbol;
--! 42809: "by_symbol" is not a table

DROP VIEW by_symbol;
--! 42809: "by_symbol" is not a view

DROP TABLE by_symbol;
--! 42809: "by_symbol" is not a table

DROP MATERIALIZED VIEW trades;
--! 42809: "trades" is not a materialized view

DROP TABLE trades;
--! 2BP01: cannot drop table trades because other objects depend on it

CREATE MATERIALIZED VIEW by_symbol AS SELECT 1 AS one;
--! 42P07: relation "by_symbol" already exists

CREATE MATERIALIZED VIEW IF NOT EXISTS by_symbol AS SELECT 1 AS one;

CREATE TABLE by_symbol (id INTEGER);
--! 42P07: relation "by_symbol" already exists

CREATE MATERIALIZED VIEW two (a, b, c) AS SELECT symbol, count(*) FROM trades GROUP BY symbol;
--! 42601: too many column names were specified

CREATE MATERIALIZED VIEW two (a, a) AS SELECT symbol, count(*) FROM trades GROUP BY symbol;
--! 42701: column "a" specified more than once

CREATE MATERIALIZED VIEW nothing AS SELECT nowhere FROM trades;
--! 42703: column "nowhere" does not exist

CREATE MATERIALIZED VIEW minutes (minute, symbol, first_id, volume) AS SELECT date_trunc('minute', executed_at), symbol, min(id), sum(quantity) FROM trades WHERE quantity > 0 GROUP BY date_trunc('minute', executed_at), symbol HAVING count(*) >= 1;

SELECT * FROM minutes ORDER BY minute, symbol;
--> minute | symbol | first_id | volume
--> 2026-01-05 09:30:00 | ACME | 10 | 5
--> 2026-01-05 09:30:00 | BETA | 11 | 7
--> 2026-01-06 10:00:00 | ACME | 14 | 3
--> 2026-01-06 10:00:00 | GAMA | 13 | 1

SELECT symbol, volume FROM minutes WHERE minute = '2026-01-05 09:30:00' ORDER BY symbol;
--> symbol | volume
--> ACME | 5
--> BETA | 7

SELECT symbol, volume FROM minutes WHERE minute >= '2026-01-06' AND symbol <> 'GAMA';
--> symbol | volume
--> ACME | 3

CREATE MATERIALIZED VIEW days AS SELECT executed_at::date AS day, count(*) FILTER (WHERE quantity > 2) AS large, count(DISTINCT symbol) AS symbols, sum(DISTINCT quantity) AS sums FROM trades GROUP BY executed_at::date;

SELECT * FROM days ORDER BY day;
--> day | large | symbols | sums
--> 2026-01-05 | 2 | 2 | 12
--> 2026-01-06 | 1 | 2 | 4

CREATE MATERIALIZED VIEW halves AS SELECT symbol, percentile_cont(0.5) WITHIN GROUP (ORDER BY quantity) AS middle, percentile_disc(0.5) WITHIN GROUP (ORDER BY price) AS one FROM trades GROUP BY symbol;

SELECT * FROM halves ORDER BY symbol;
--> symbol | middle | one
--> ACME | 4 | 10.5000
--> BETA | 7 | 2.2500
--> GAMA | 1 | 100.0000

CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS all_trades, sum(quantity) AS volume, avg(price) AS mean FROM trades WHERE symbol = 'NONE';

SELECT * FROM totals;
--> all_trades | volume | mean
--> 0 | NULL | NULL

CREATE MATERIALIZED VIEW whole AS SELECT count(*) AS all_trades, sum(quantity) AS volume, max(executed_at) AS last FROM trades;

SELECT * FROM whole;
--> all_trades | volume | last
--> 5 | 16 | 2026-01-06 10:00:59.5

CREATE MATERIALIZED VIEW owners AS SELECT t.account, a.owner, count(*) AS trades FROM trades t JOIN accounts a ON a.id = t.account GROUP BY t.account, a.owner;

SELECT * FROM owners ORDER BY account;
--> account | owner | trades
--> 1 | ada | 2
--> 2 | bob | 1
--> 3 | cyd | 1

CREATE MATERIALIZED VIEW all_owners AS SELECT t.account, a.owner, sum(t.quantity) AS volume FROM trades t LEFT JOIN accounts a ON a.id = t.account GROUP BY t.account, a.owner;

SELECT * FROM all_owners ORDER BY account;
--> account | owner | volume
--> 1 | ada | 12
--> 2 | bob | NULL
--> 3 | cyd | 1
--> 9 | NULL | 3

SELECT o.owner, b.symbol FROM all_owners o CROSS JOIN by_symbol b WHERE o.account = 1 ORDER BY b.symbol;
--> owner | symbol
--> ada | ACME
--> ada | BETA
--> ada | GAMA

SELECT t.id, b.trades FROM trades t JOIN by_symbol b ON b.symbol = t.symbol ORDER BY t.id;
--> id | trades
--> 10 | 3
--> 11 | 1
--> 12 | 3
--> 13 | 1
--> 14 | 3

SELECT relname, relkind, relispopulated FROM pg_class WHERE relkind = 'm' ORDER BY relname;
--> relname | relkind | relispopulated
--> all_owners | m | t
--> by_symbol | m | t
--> days | m | t
--> halves | m | t
--> minutes | m | t
--> owners | m | t
--> totals | m | t
--> whole | m | t

SELECT matviewname, hasindexes, ispopulated FROM pg_matviews WHERE matviewname IN ('by_symbol', 'days', 'owners') ORDER BY 1;
--> matviewname | hasindexes | ispopulated
--> by_symbol | f | t
--> days | f | t
--> owners | f | t

SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'by_symbol'::regclass AND attnum > 0 ORDER BY attnum;
--> attname | format_type
--> symbol | text
--> trades | bigint
--> counted | bigint
--> volume | bigint
--> mean | numeric
--> low | numeric
--> high | numeric
--> fees | numeric
--> mean_price | numeric

CREATE MATERIALIZED VIEW later AS SELECT symbol, sum(quantity) AS volume FROM trades GROUP BY symbol WITH NO DATA;

SELECT * FROM later;
--! 55000: materialized view "later" has not been populated

SELECT ispopulated FROM pg_matviews WHERE matviewname = 'later';
--> ispopulated
--> f

REFRESH MATERIALIZED VIEW later;

SELECT * FROM later ORDER BY symbol;
--> symbol | volume
--> ACME | 8
--> BETA | 7
--> GAMA | 1

REFRESH MATERIALIZED VIEW later WITH NO DATA;

SELECT * FROM later;
--! 55000: materialized view "later" has not been populated

REFRESH MATERIALIZED VIEW later WITH DATA;

SELECT count(*) FROM later;
--> count
--> 3

ALTER MATERIALIZED VIEW later RENAME TO sooner;

SELECT * FROM later;
--! 42P01: relation "later" does not exist

SELECT count(*) FROM sooner;
--> count
--> 3

CREATE MATERIALIZED VIEW later AS SELECT symbol, sum(quantity) AS volume FROM trades GROUP BY symbol;

SELECT count(*) FROM later;
--> count
--> 3

DROP MATERIALIZED VIEW sooner, later;

DROP MATERIALIZED VIEW sooner;
--! 42P01: materialized view "sooner" does not exist

DROP MATERIALIZED VIEW IF EXISTS sooner;

REFRESH MATERIALIZED VIEW sooner;
--! 42P01: relation "sooner" does not exist

REFRESH MATERIALIZED VIEW trades;
--! 0A000: "trades" is not a materialized view

CREATE VIEW over AS SELECT symbol, volume FROM by_symbol WHERE volume > 1;

SELECT * FROM over ORDER BY symbol;
--> symbol | volume
--> ACME | 8
--> BETA | 7
