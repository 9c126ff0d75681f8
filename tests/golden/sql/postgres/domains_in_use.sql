-- Domains with checks in columns
-- oracle: postgres
-- chapter: types

CREATE DOMAIN quantity AS INTEGER CHECK (VALUE > 0);

CREATE DOMAIN symbol AS TEXT CHECK (VALUE = upper(VALUE) AND length(VALUE) <= 5);

CREATE DOMAIN isin AS CHAR(12) CHECK (VALUE ~ '^[A-Z]{2}[A-Z0-9]{9}[0-9]$');

CREATE DOMAIN percent AS NUMERIC(5,2) DEFAULT 0 CHECK (VALUE BETWEEN 0 AND 100);

CREATE TABLE fills (id INTEGER PRIMARY KEY, symbol symbol, quantity quantity, fee percent);

INSERT INTO fills VALUES (1, 'ABC', 5, 12.345);

INSERT INTO fills (id, symbol) VALUES (2, 'X');

SELECT * FROM fills ORDER BY id;
--> id | symbol | quantity | fee
--> 1 | ABC | 5 | 12.35
--> 2 | X | NULL | 0.00

INSERT INTO fills VALUES (3, 'abc', 5, 1);
--! 23514: value for domain symbol violates check constraint "symbol_check"

INSERT INTO fills VALUES (3, 'ABC', 0, 1);
--! 23514: value for domain quantity violates check constraint "quantity_check"

INSERT INTO fills VALUES (3, 'ABC', 5, 100.01);
--! 23514: value for domain percent violates check constraint "percent_check"

INSERT INTO fills VALUES (3, 'ABC', 'x', 1);
--! 22P02: invalid input syntax for type integer: "x"

INSERT INTO fills VALUES (3, NULL, NULL, NULL);

UPDATE fills SET quantity = quantity - 5 WHERE id = 1;
--! 23514: value for domain quantity violates check constraint "quantity_check"

UPDATE fills SET quantity = quantity * 2 WHERE id = 1 RETURNING quantity, quantity / 4 AS quarter;
--> quantity | quarter
--> 10 | 2

SELECT sum(quantity) AS sum, max(symbol) AS max, avg(fee) AS avg FROM fills;
--> sum | max | avg
--> 10 | X | 6.1750000000000000

SELECT f.symbol || '!' AS joined, length(f.symbol) AS length FROM fills f WHERE f.symbol = 'ABC';
--> joined | length
--> ABC! | 3

ALTER TABLE fills ADD COLUMN other quantity;

UPDATE fills SET other = -1;
--! 23514: value for domain quantity violates check constraint "quantity_check"

DROP DOMAIN quantity;
--! 2BP01: cannot drop type quantity because other objects depend on it

DROP TABLE fills;

DROP DOMAIN quantity;

CREATE TABLE t (q quantity);
--! 42704: type "quantity" does not exist

CREATE TABLE securities (isin isin);
--~! 0A000: this CHECK cannot be kept by the store: the function ~ has no counterpart

INSERT INTO securities VALUES ('US0378331005');
--~! 42P01: relation "securities" does not exist

INSERT INTO securities VALUES ('US03783310');
--! 23514: value for domain isin violates check constraint "isin_check"
--~! 42P01: relation "securities" does not exist
