-- ALTER TYPE: new names of an enumerated type and of its labels
-- oracle: postgres
-- chapter: types

CREATE TYPE stage AS ENUM ('new', 'open', 'done');

CREATE TABLE tickets (id INTEGER PRIMARY KEY, s stage, past stage[]);

INSERT INTO tickets VALUES (1, 'new', '{}'), (2, 'open', '{new}'), (3, 'done', '{new,open}');

ALTER TYPE stage RENAME VALUE 'new' TO 'fresh';

SELECT * FROM tickets ORDER BY s;
--> id | s | past
--> 1 | fresh | {}
--> 2 | open | {fresh}
--> 3 | done | {fresh,open}

INSERT INTO tickets VALUES (4, 'new', NULL);
--! 22P02: invalid input value for enum stage: "new"

INSERT INTO tickets VALUES (4, 'fresh', NULL);

ALTER TYPE stage RENAME VALUE 'nothing' TO 'x';
--! 22023: "nothing" is not an existing enum label

ALTER TYPE stage RENAME VALUE 'fresh' TO 'done';
--! 42710: enum label "done" already exists

ALTER TYPE stage RENAME TO step;

SELECT 'fresh'::step AS s;
--> s
--> fresh

SELECT 'fresh'::stage;
--! 42704: type "stage" does not exist

INSERT INTO tickets VALUES (5, 'open', NULL);

SELECT enum_range(NULL::step) AS all, enum_range('open'::step, 'done') AS some, enum_range(NULL, 'open'::step) AS until;
--> all | some | until
--> {fresh,open,done} | {open,done} | {fresh,open}

SELECT enum_range('done'::step, 'open') AS none;
--> none
--> {}

SELECT enum_first(NULL);
--! 42883: function enum_first(unknown) does not exist

SELECT enum_range(1);
--! 42883: function enum_range(integer) does not exist
