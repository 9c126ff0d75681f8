-- numeric(precision, scale)
-- oracle: postgres
-- chapter: types

SELECT 123.456::numeric(5, 2) AS rounded, 123.456::numeric(6) AS whole, 0.5::numeric(1, 0) AS half_away, -0.5::numeric(1, 0) AS n;
--> rounded | whole | half_away | n
--> 123.46 | 123 | 1 | -1

SELECT 1234.5::numeric(5, 2);
--! 22003: numeric field overflow

SELECT 12345::numeric(6, -2) AS hundreds, 0.001234::numeric(3, 5) AS fractions;
--> hundreds | fractions
--> 12300 | 0.00123

SELECT 0.1::numeric(3, 5);
--! 22003: numeric field overflow

SELECT 1.10 + 2.2 AS sum, 1.10 * 2.20 AS product, 1.0 / 3 AS quotient, 10 / 4.0 AS other, 1.50 = 1.5 AS same;
--> sum | product | quotient | other | same
--> 3.30 | 2.4200 | 0.33333333333333333333 | 2.5000000000000000 | t

SELECT 2.50::numeric AS keeps_zeros, trim_scale(2.50) AS trimmed, scale(2.50) AS s, min_scale(2.50) AS m;
--> keeps_zeros | trimmed | s | m
--> 2.50 | 2.5 | 2 | 1

SELECT 1::numeric(1001, 2);
--! 22023: NUMERIC precision 1001 must be between 1 and 1000

SELECT 1::numeric(0);
--! 22023: NUMERIC precision 0 must be between 1 and 1000

SELECT 1::numeric(4, 5000);
--! 22023: NUMERIC scale 5000 must be between -1000 and 1000

CREATE TABLE prices (p NUMERIC(6, 2));

INSERT INTO prices VALUES (1.005), (9999.994), ('  7.1 ');

INSERT INTO prices VALUES (9999.995);
--! 22003: numeric field overflow

SELECT p, p * 2 AS doubled, pg_typeof(p) FROM prices ORDER BY p;
--> p | doubled | pg_typeof
--> 1.01 | 2.02 | numeric
--> 7.10 | 14.20 | numeric
--> 9999.99 | 19999.98 | numeric

SELECT sum(p), avg(p), max(p) FROM prices;
--> sum | avg | max
--> 10008.10 | 3336.0333333333333333 | 9999.99
