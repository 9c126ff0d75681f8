-- Enumerated types: order, functions, ALTER TYPE
-- oracle: postgres
-- chapter: types

CREATE TYPE stage AS ENUM ('new', 'open', 'done');

SELECT enum_first(NULL::stage) AS first, enum_last(NULL::stage) AS last, enum_range(NULL::stage) AS all, enum_range('open'::stage, NULL) AS since;
--> first | last | all | since
--> new | done | {new,open,done} | {open,done}

SELECT 'new'::stage < 'done'::stage AS ordered, 'done'::stage::text AS t, greatest('new'::stage, 'open') AS g;
--> ordered | t | g
--> t | done | open

SELECT 'NEW'::stage;
--! 22P02: invalid input value for enum stage: "NEW"

SELECT 'new'::stage = 'new'::text;
--! 42883: operator does not exist: stage = text

ALTER TYPE stage ADD VALUE 'parked' BEFORE 'done';

ALTER TYPE stage ADD VALUE 'open';
--! 42710: enum label "open" already exists

ALTER TYPE stage ADD VALUE IF NOT EXISTS 'open';

ALTER TYPE stage ADD VALUE 'gone' AFTER 'done';

SELECT enum_range(NULL::stage) AS all;
--> all
--> {new,open,parked,done,gone}

CREATE TABLE tickets (s stage DEFAULT 'new');

INSERT INTO tickets VALUES (DEFAULT), ('gone'), ('parked');

SELECT s, count(*) FROM tickets GROUP BY s ORDER BY s DESC;
--> s | count
--> gone | 1
--> parked | 1
--> new | 1

DROP TYPE stage;
--! 2BP01: cannot drop type stage because other objects depend on it

CREATE TYPE stage AS ENUM ('a');
--! 42710: type "stage" already exists

CREATE TYPE twice AS ENUM ('a', 'a');
--! 23505: duplicate key value violates unique constraint "pg_enum_typid_label_index"

ALTER TYPE stage RENAME VALUE 'new' TO 'fresh';
