-- Rows that are joined by ranges: bands of fees, validity of rates
-- oracle: postgres
-- chapter: queries

CREATE TABLE bands (low NUMERIC, high NUMERIC, fee NUMERIC);

INSERT INTO bands VALUES (0, 1000, 5), (1000, 10000, 12), (10000, NULL, 30);

CREATE TABLE trades (id INTEGER, amount NUMERIC, day DATE);

INSERT INTO trades VALUES (1, 999.99, '2024-01-10'), (2, 1000, '2024-02-01'), (3, 250000, '2024-03-15'), (4, NULL, '2024-01-01');

CREATE TABLE rates (since DATE, until DATE, rate NUMERIC);

INSERT INTO rates VALUES ('2024-01-01', '2024-02-01', 1.08), ('2024-02-01', '2024-03-01', 1.09);

SELECT t.id, b.fee FROM trades t JOIN bands b ON t.amount >= b.low AND (t.amount < b.high OR b.high IS NULL) ORDER BY t.id;
--> id | fee
--> 1 | 5
--> 2 | 12
--> 3 | 30

SELECT t.id, b.fee FROM trades t LEFT JOIN bands b ON t.amount >= b.low AND t.amount < coalesce(b.high, 'Infinity') ORDER BY t.id;
--> id | fee
--> 1 | 5
--> 2 | 12
--> 3 | 30
--> 4 | NULL

SELECT t.id, r.rate FROM trades t LEFT JOIN rates r ON t.day >= r.since AND t.day < r.until ORDER BY t.id;
--> id | rate
--> 1 | 1.08
--> 2 | 1.09
--> 3 | NULL
--> 4 | 1.08

SELECT t.id, r.rate FROM trades t JOIN rates r ON t.day BETWEEN r.since AND r.until ORDER BY t.id, r.rate;
--> id | rate
--> 1 | 1.08
--> 2 | 1.08
--> 2 | 1.09
--> 4 | 1.08

SELECT a.low, b.low AS above FROM bands a LEFT JOIN bands b ON b.low > a.low ORDER BY 1, 2;
--> low | above
--> 0 | 1000
--> 0 | 10000
--> 1000 | 10000
--> 10000 | NULL

SELECT a.id, b.id AS later FROM trades a JOIN trades b ON a.day < b.day AND a.amount < b.amount ORDER BY 1, 2;
--> id | later
--> 1 | 2
--> 1 | 3
--> 2 | 3

SELECT count(*) FROM trades a, trades b WHERE a.id < b.id;
--> count
--> 6

SELECT t.id, round(t.amount * r.rate, 2) AS converted, b.fee FROM trades t JOIN rates r ON t.day >= r.since AND t.day < r.until JOIN bands b ON t.amount >= b.low AND (t.amount < b.high OR b.high IS NULL) ORDER BY t.id;
--> id | converted | fee
--> 1 | 1079.99 | 5
--> 2 | 1090.00 | 12

SELECT b.fee, count(t.id) AS trades FROM bands b LEFT JOIN trades t ON t.amount >= b.low AND (t.amount < b.high OR b.high IS NULL) GROUP BY b.fee ORDER BY 1;
--> fee | trades
--> 5 | 1
--> 12 | 1
--> 30 | 1

SELECT r.since FROM rates r WHERE NOT EXISTS (SELECT FROM trades t WHERE t.day >= r.since AND t.day < r.until AND t.amount > 5000) ORDER BY 1;
--> since
--> 2024-01-01
--> 2024-02-01
