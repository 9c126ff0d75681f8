-- ALTER TABLE: adding, renaming and dropping columns of a table with rows
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT NOT NULL, old TEXT);

INSERT INTO clients VALUES (1, 'Ann Ott', 'x'), (2, 'Bob', 'y');

CREATE VIEW names AS SELECT name FROM clients;

ALTER TABLE clients ADD COLUMN country TEXT NOT NULL DEFAULT 'CH';

ALTER TABLE clients ADD COLUMN level INTEGER NOT NULL;
--! Cannot add a NOT NULL column with default value NULL

ALTER TABLE clients ADD COLUMN other INTEGER PRIMARY KEY;
--! Cannot add a PRIMARY KEY column

ALTER TABLE clients ADD COLUMN level INTEGER;

SELECT * FROM clients ORDER BY id;
--> id | name | old | country | level
--> 1 | Ann Ott | x | CH | NULL
--> 2 | Bob | y | CH | NULL

UPDATE clients SET level = 3 WHERE id = 1 RETURNING level;
--> level
--> 3

ALTER TABLE clients RENAME COLUMN name TO full_name;

SELECT full_name FROM clients ORDER BY id;
--> full_name
--> Ann Ott
--> Bob

ALTER TABLE clients RENAME COLUMN nowhere TO somewhere;
--! no such column: "nowhere"

ALTER TABLE clients RENAME COLUMN old TO country;
--! error in table clients after rename: duplicate column name: country
--~! column "country" of "clients" exists twice

ALTER TABLE clients DROP COLUMN old;

ALTER TABLE clients DROP COLUMN id;
--! cannot drop PRIMARY KEY column: "id"

ALTER TABLE clients DROP COLUMN nowhere;
--! no such column: "nowhere"

ALTER TABLE clients RENAME TO customers;

SELECT * FROM clients;
--! no such table: clients

INSERT INTO customers VALUES (3, 'Cyd', 'DE', 1);

SELECT id, full_name, country, level FROM customers ORDER BY id;
--> id | full_name | country | level
--> 1 | Ann Ott | CH | 3
--> 2 | Bob | CH | NULL
--> 3 | Cyd | DE | 1

ALTER TABLE customers ADD COLUMN twice INTEGER AS (level * 2);

ALTER TABLE customers RENAME TO customers;
--! there is already another table or index with this name: customers

SELECT name, "notnull", dflt_value FROM pragma_table_info('customers') WHERE name IN ('country', 'level') ORDER BY name;
--> name | notnull | dflt_value
--> country | 1 | 'CH'
--> level | 0 | NULL

CREATE TABLE u (x INTEGER);

ALTER TABLE u RENAME TO customers;
--! there is already another table or index with this name: customers

ALTER TABLE u DROP COLUMN x;
--! cannot drop column "x": no other columns exist
--~! table "u" has no column
