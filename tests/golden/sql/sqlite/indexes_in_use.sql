-- Unique, partial and expression indexes: what they forbid and what PRAGMAs tell
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, country TEXT, code TEXT, active INTEGER NOT NULL DEFAULT 1);

CREATE UNIQUE INDEX users_email ON users (lower(email));

CREATE UNIQUE INDEX users_code ON users (country, code);

CREATE UNIQUE INDEX users_active ON users (country) WHERE active = 2;

CREATE INDEX users_both ON users (country DESC, email);

INSERT INTO users VALUES (1, 'Ann@x.ch', 'CH', 'A', 1), (2, 'bob@x.ch', 'CH', 'B', 2);

INSERT INTO users VALUES (3, 'ANN@X.CH', 'DE', 'A', 1);
--! UNIQUE constraint failed: index 'users_email'
--~! UNIQUE constraint failed: users.lower(email)

INSERT INTO users VALUES (3, NULL, 'CH', 'A', 1);
--! UNIQUE constraint failed: users.country, users.code

INSERT INTO users VALUES (3, NULL, 'CH', NULL, 1), (4, NULL, 'CH', NULL, 1);

INSERT INTO users VALUES (5, 'c', 'CH', 'C', 2);
--! UNIQUE constraint failed: users.country

UPDATE users SET active = 2 WHERE id = 1;
--! UNIQUE constraint failed: users.country

UPDATE users SET active = 3 - active WHERE id IN (1, 2);
--! UNIQUE constraint failed: users.country

SELECT id FROM users WHERE country = 'CH' AND active = 2 ORDER BY id;
--> id
--> 2

INSERT INTO users VALUES (6, 'zoe', 'CH', 'Z', 2) ON CONFLICT (country) WHERE active = 2 DO UPDATE SET code = excluded.code RETURNING id, code;
--> id | code
--> 2 | Z

INSERT INTO users VALUES (6, 'zoe', 'CH', 'B', 1) ON CONFLICT (country, code) DO NOTHING RETURNING id;
--> id
--> 6

SELECT email FROM users WHERE lower(email) = 'ann@x.ch';
--> email
--> Ann@x.ch

SELECT name, "unique", origin, partial FROM pragma_index_list('users') ORDER BY name;
--> name | unique | origin | partial
--> users_active | 1 | c | 1
--> users_both | 0 | c | 0
--> users_code | 1 | c | 0
--> users_email | 1 | c | 0

SELECT seqno, name, "desc", coll FROM pragma_index_xinfo('users_both') WHERE key = 1 ORDER BY seqno;
--> seqno | name | desc | coll
--> 0 | country | 1 | BINARY
--> 1 | email | 0 | BINARY

CREATE UNIQUE INDEX users_country ON users (country);
--! UNIQUE constraint failed: users.country

CREATE INDEX users_email ON users (email);
--! index users_email already exists

CREATE INDEX IF NOT EXISTS users_email ON users (email);

CREATE INDEX broken ON users (nothing_there);
--! no such column: nothing_there

DROP INDEX users_email;

DROP INDEX users_email;
--! no such index: users_email

INSERT INTO users VALUES (7, 'ANN@X.CH', 'FR', 'A', 1);

SELECT count(*) FROM users;
--> count(*)
--> 6

REINDEX;
