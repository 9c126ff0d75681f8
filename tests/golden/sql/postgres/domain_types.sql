-- Domains are types with conditions
-- oracle: postgres
-- chapter: types

CREATE DOMAIN price AS NUMERIC(10, 2) CHECK (VALUE > 0);

CREATE DOMAIN code AS TEXT CONSTRAINT upper_only CHECK (VALUE = upper(VALUE));

CREATE DOMAIN required AS TEXT NOT NULL;

CREATE TABLE quotes (symbol code, bid price, ask price DEFAULT 1);

INSERT INTO quotes VALUES ('ACME', 10.005, 11);

INSERT INTO quotes VALUES ('ACME', -1, 11);
--! 23514: value for domain price violates check constraint "price_check"

INSERT INTO quotes VALUES ('acme', 1, 1);
--! 23514: value for domain code violates check constraint "upper_only"

INSERT INTO quotes (symbol) VALUES ('BETA'), (NULL);

SELECT * FROM quotes ORDER BY symbol;
--> symbol | bid | ask
--> ACME | 10.01 | 11.00
--> BETA | NULL | 1.00
--> NULL | NULL | 1.00

SELECT (-5)::price;
--! 23514: value for domain price violates check constraint "price_check"

SELECT 5::price + 1 AS sum, pg_typeof(5::price), pg_typeof(5::price + 1);
--> sum | pg_typeof | pg_typeof
--> 6.00 | price | numeric
--~> sum | pg_typeof | pg_typeof
--~> 6.00 | numeric | numeric

UPDATE quotes SET bid = bid - 100;
--! 23514: value for domain price violates check constraint "price_check"

ALTER DOMAIN price ADD CONSTRAINT cheap CHECK (VALUE < 5);
--! 23514: column "bid" of table "quotes" contains values that violate the new constraint

ALTER DOMAIN price DROP CONSTRAINT price_check;

INSERT INTO quotes VALUES ('GAMA', -7, 1);

ALTER DOMAIN price SET DEFAULT 3;

DROP DOMAIN code;
--! 2BP01: cannot drop type code because other objects depend on it

CREATE DOMAIN price AS TEXT;
--! 42710: type "price" already exists
