-- Rows that are marked as deleted, and names that are unique among the others
-- oracle: postgres
-- chapter: constraints

CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT NOT NULL, deleted DATE);

CREATE UNIQUE INDEX clients_name ON clients (name) WHERE deleted IS NULL;

CREATE VIEW active AS SELECT id, name FROM clients WHERE deleted IS NULL;

INSERT INTO clients VALUES (1, 'ann', NULL), (2, 'bob', NULL);

INSERT INTO clients VALUES (3, 'ann', NULL);
--! 23505: duplicate key value violates unique constraint "clients_name"

UPDATE clients SET deleted = '2024-01-05' WHERE id = 1;

INSERT INTO clients VALUES (3, 'ann', NULL);

INSERT INTO clients VALUES (4, 'ann', '2023-01-01'), (5, 'ann', '2023-01-01');

SELECT * FROM active ORDER BY id;
--> id | name
--> 2 | bob
--> 3 | ann

UPDATE clients SET deleted = NULL WHERE id = 1;
--! 23505: duplicate key value violates unique constraint "clients_name"

INSERT INTO clients VALUES (6, 'bob', NULL) ON CONFLICT (name) WHERE deleted IS NULL DO UPDATE SET id = excluded.id RETURNING id, name;
--> id | name
--> 6 | bob

INSERT INTO clients VALUES (7, 'bob', NULL) ON CONFLICT (name) DO NOTHING;
--! 42P10: there is no unique or exclusion constraint matching the ON CONFLICT specification

INSERT INTO clients VALUES (7, 'bob', NULL) ON CONFLICT DO NOTHING RETURNING id;
--> id

SELECT name, count(*) AS rows, count(*) FILTER (WHERE deleted IS NULL) AS active, max(deleted) AS last FROM clients GROUP BY name ORDER BY name;
--> name | rows | active | last
--> ann | 4 | 1 | 2024-01-05
--> bob | 1 | 1 | NULL

UPDATE clients SET name = 'bob' WHERE id = 3;
--! 23505: duplicate key value violates unique constraint "clients_name"

DELETE FROM clients WHERE deleted < '2024-01-01';

SELECT id, name, deleted IS NOT NULL AS deleted FROM clients ORDER BY id;
--> id | name | deleted
--> 1 | ann | t
--> 3 | ann | f
--> 6 | bob | f

DROP INDEX clients_name;

INSERT INTO clients VALUES (8, 'bob', NULL);

CREATE UNIQUE INDEX clients_name ON clients (name) WHERE deleted IS NULL;
--! 23505: could not create unique index "clients_name"
