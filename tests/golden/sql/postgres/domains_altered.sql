-- ALTER DOMAIN: constraints, NOT NULL, DEFAULT, names; casts to domains
-- oracle: postgres
-- chapter: types

CREATE DOMAIN percentage AS INTEGER CONSTRAINT low CHECK (VALUE >= 0) CONSTRAINT high CHECK (VALUE <= 100);

CREATE TABLE t (id INTEGER PRIMARY KEY, p percentage);

INSERT INTO t VALUES (1, 50), (2, NULL);

INSERT INTO t VALUES (3, 101);
--! 23514: value for domain percentage violates check constraint "high"

INSERT INTO t VALUES (3, -1);
--! 23514: value for domain percentage violates check constraint "low"

SELECT 101::percentage;
--! 23514: value for domain percentage violates check constraint "high"

SELECT NULL::percentage AS none, 7::percentage AS seven;
--> none | seven
--> NULL | 7

SELECT '12'::percentage AS of_text;
--> of_text
--> 12

ALTER DOMAIN percentage ADD CHECK (VALUE <> 50);
--! 23514: column "p" of table "t" contains values that violate the new constraint

ALTER DOMAIN percentage ADD CONSTRAINT low CHECK (VALUE > 1);
--! 42710: constraint "low" for domain "percentage" already exists

ALTER DOMAIN percentage DROP CONSTRAINT high;

INSERT INTO t VALUES (3, 101);

ALTER DOMAIN percentage DROP CONSTRAINT high;
--! 42704: constraint "high" of domain "percentage" does not exist

ALTER DOMAIN percentage DROP CONSTRAINT IF EXISTS high;

ALTER DOMAIN percentage SET NOT NULL;
--! 23502: column "p" of table "t" contains null values

DELETE FROM t WHERE p IS NULL;

ALTER DOMAIN percentage SET NOT NULL;

SELECT NULL::percentage;
--! 23502: domain percentage does not allow null values

ALTER DOMAIN percentage DROP NOT NULL;

INSERT INTO t VALUES (4, NULL);

ALTER DOMAIN percentage RENAME CONSTRAINT low TO least;

INSERT INTO t VALUES (5, -5);
--! 23514: value for domain percentage violates check constraint "least"

ALTER DOMAIN percentage RENAME TO share;

INSERT INTO t VALUES (5, -5);
--! 23514: value for domain share violates check constraint "least"

ALTER DOMAIN percentage RENAME TO share;
--! 42704: type "percentage" does not exist

SELECT 5::share;
--> share
--> 5

DROP DOMAIN share;
--! 2BP01: cannot drop type share because other objects depend on it

CREATE DOMAIN name_of AS TEXT NOT NULL CHECK (length(VALUE) < 5) CHECK (VALUE <> '');

SELECT ''::name_of;
--! 23514: value for domain name_of violates check constraint "name_of_check1"

SELECT 'longer'::name_of;
--! 23514: value for domain name_of violates check constraint "name_of_check"

SELECT NULL::name_of;
--! 23502: domain name_of does not allow null values

DROP DOMAIN name_of;

CREATE TYPE color AS ENUM ('red', 'green');

ALTER DOMAIN color SET NOT NULL;
--! 42809: color is not a domain
