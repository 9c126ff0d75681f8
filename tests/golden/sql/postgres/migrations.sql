-- A table that changes over time: columns added, filled, tightened, renamed, dropped
-- oracle: postgres
-- chapter: definitions

CREATE TABLE clients (id INTEGER PRIMARY KEY, name TEXT NOT NULL);

INSERT INTO clients VALUES (1, 'Ann Ott'), (2, 'Bob'), (3, 'Cyd von Arx');

ALTER TABLE clients ADD COLUMN country CHAR(2) NOT NULL DEFAULT 'CH';

ALTER TABLE clients ADD COLUMN level INTEGER NOT NULL;
--! 23502: column "level" of relation "clients" contains null values

ALTER TABLE clients ADD COLUMN first TEXT, ADD COLUMN last TEXT;

UPDATE clients SET first = split_part(name, ' ', 1), last = nullif(substr(name, strpos(name || ' ', ' ') + 1), '');

SELECT id, first, last, country FROM clients ORDER BY id;
--> id | first | last | country
--> 1 | Ann | Ott | CH
--> 2 | Bob | NULL | CH
--> 3 | Cyd | von Arx | CH

ALTER TABLE clients ALTER COLUMN last SET NOT NULL;
--! 23502: column "last" of relation "clients" contains null values

UPDATE clients SET last = '?' WHERE last IS NULL;

ALTER TABLE clients ALTER COLUMN last SET NOT NULL;

ALTER TABLE clients DROP COLUMN name;

ALTER TABLE clients RENAME COLUMN first TO given;

ALTER TABLE clients ALTER COLUMN country DROP DEFAULT, ALTER COLUMN given SET DEFAULT 'N.';

INSERT INTO clients (id, last) VALUES (4, 'Eck');
--! 23502: null value in column "country" of relation "clients" violates not-null constraint

INSERT INTO clients (id, last, country) VALUES (4, 'Eck', 'DE') RETURNING *;
--> id | country | given | last
--> 4 | DE | N. | Eck

ALTER TABLE clients ALTER COLUMN id TYPE BIGINT;
--~! 0A000: cannot make column id of table clients a BIGINT: it is in the primary key or the shard key, whose bytes place the rows; make a new table and copy them

ALTER TABLE clients ALTER COLUMN last TYPE VARCHAR(3);
--! 22001: value too long for type character varying(3)

ALTER TABLE clients ADD CONSTRAINT clients_name UNIQUE (last, given);

INSERT INTO clients VALUES (5, 'DE', 'N.', 'Eck');
--! 23505: duplicate key value violates unique constraint "clients_name"

ALTER TABLE clients RENAME TO customers;

SELECT * FROM customers ORDER BY id;
--> id | country | given | last
--> 1 | CH | Ann | Ott
--> 2 | CH | Bob | ?
--> 3 | CH | Cyd | von Arx
--> 4 | DE | N. | Eck

ALTER TABLE customers DROP CONSTRAINT clients_name, DROP COLUMN country;

INSERT INTO customers VALUES (5, 'N.', 'Eck') RETURNING *;
--> id | given | last
--> 5 | N. | Eck

SELECT column_name, data_type, is_nullable, column_default FROM information_schema.columns WHERE table_name = 'customers' ORDER BY ordinal_position;
--> column_name | data_type | is_nullable | column_default
--> id | bigint | NO | NULL
--> given | text | YES | 'N.'::text
--> last | text | NO | NULL
--~> column_name | data_type | is_nullable | column_default
--~> id | integer | NO | NULL
--~> given | text | YES | 'N.'::text
--~> last | text | NO | NULL
