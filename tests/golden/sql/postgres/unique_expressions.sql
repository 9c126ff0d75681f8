-- Unique indexes of expressions, of several columns, of a part of the rows
-- oracle: postgres
-- chapter: constraints

CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, country TEXT, code TEXT, main BOOLEAN NOT NULL DEFAULT false);

CREATE UNIQUE INDEX users_email ON users (lower(email));

CREATE UNIQUE INDEX users_code ON users (country, code);

CREATE UNIQUE INDEX users_main ON users (country) WHERE main;

INSERT INTO users VALUES (1, 'Ann@x.ch', 'CH', 'A', true), (2, 'bob@x.ch', 'CH', 'B', false);

INSERT INTO users VALUES (3, 'ANN@X.CH', 'DE', 'A', false);
--! 23505: duplicate key value violates unique constraint "users_email"

INSERT INTO users VALUES (3, NULL, 'CH', 'A', false);
--! 23505: duplicate key value violates unique constraint "users_code"

INSERT INTO users VALUES (3, NULL, 'CH', NULL, false), (4, NULL, 'CH', NULL, false);

INSERT INTO users VALUES (5, 'c', 'CH', 'C', true);
--! 23505: duplicate key value violates unique constraint "users_main"

UPDATE users SET main = NOT main WHERE country = 'CH' AND id <= 2;

SELECT id, main FROM users WHERE country = 'CH' AND main ORDER BY id;
--> id | main
--> 2 | t

INSERT INTO users VALUES (6, 'BOB@X.CH', 'FR', 'F', false) ON CONFLICT (lower(email)) DO UPDATE SET code = 'again' RETURNING id, email, code;
--> id | email | code
--> 2 | bob@x.ch | again

INSERT INTO users VALUES (6, 'zoe@x.ch', 'CH', 'Z', true) ON CONFLICT (country) WHERE main DO UPDATE SET code = excluded.code RETURNING id, code;
--> id | code
--> 2 | Z

INSERT INTO users VALUES (6, 'zoe@x.ch', 'CH', 'A', false) ON CONFLICT (country, code) DO NOTHING RETURNING id;
--> id

INSERT INTO users VALUES (6, 'zoe@x.ch', 'CH', 'A', false) ON CONFLICT (code, country) DO UPDATE SET email = excluded.email RETURNING id, email;
--> id | email
--> 1 | zoe@x.ch

INSERT INTO users VALUES (6, 'zoe@x.ch', 'CH', 'A', false) ON CONFLICT (code) DO NOTHING;
--! 42P10: there is no unique or exclusion constraint matching the ON CONFLICT specification

SELECT email FROM users WHERE lower(email) = 'zoe@x.ch';
--> email
--> zoe@x.ch

CREATE UNIQUE INDEX users_short ON users (substr(email, 1, 1));

CREATE UNIQUE INDEX users_country ON users (country);
--! 23505: could not create unique index "users_country"

SELECT id, email, country, code FROM users ORDER BY id;
--> id | email | country | code
--> 1 | zoe@x.ch | CH | A
--> 2 | bob@x.ch | CH | Z
--> 3 | NULL | CH | NULL
--> 4 | NULL | CH | NULL
