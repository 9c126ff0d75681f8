-- Roles and privileges
-- oracle: postgres
-- chapter: sessions

CREATE ROLE golden_reader;

CREATE ROLE golden_reader;
--! 42710: role "golden_reader" already exists

CREATE TABLE secrets (id INTEGER, word TEXT);

INSERT INTO secrets VALUES (1, 'x');

SELECT has_table_privilege('golden_reader', 'secrets', 'SELECT') AS before;
--> before
--> f
--~> before
--~> t

GRANT SELECT ON secrets TO golden_reader;

SELECT has_table_privilege('golden_reader', 'secrets', 'SELECT') AS after, has_table_privilege('golden_reader', 'secrets', 'INSERT') AS other;
--> after | other
--> t | f
--~> after | other
--~> t | t

REVOKE SELECT ON secrets FROM golden_reader;

SELECT has_table_privilege('golden_reader', 'secrets', 'SELECT') AS taken;
--> taken
--> f
--~> taken
--~> t

GRANT SELECT (id) ON secrets TO golden_reader;
--~! 0A000: privileges on columns are not supported

SELECT has_column_privilege('golden_reader', 'secrets', 'id', 'SELECT') AS id, has_column_privilege('golden_reader', 'secrets', 'word', 'SELECT') AS word;
--> id | word
--> t | f
--~> id | word
--~> t | t

GRANT SELECT ON nowhere TO golden_reader;
--! 42P01: relation "nowhere" does not exist

GRANT SELECT ON secrets TO golden_nobody;
--! 42704: role "golden_nobody" does not exist

GRANT NOTHING ON secrets TO golden_reader;
--! 42601: unrecognized privilege type "nothing"

REVOKE ALL ON secrets FROM golden_reader;

DROP ROLE golden_reader;

DROP ROLE golden_reader;
--! 42704: role "golden_reader" does not exist

DROP ROLE IF EXISTS golden_reader;
