-- CHECKs of numbers and truths: json_valid, LIKE, GLOB, remainders, lengths, IS NOT
-- oracle: sqlite
-- chapter: constraints

CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT CHECK (json_valid(body)));

INSERT INTO docs VALUES (1, '{"a": 1}'), (2, NULL), (3, '[]');

INSERT INTO docs VALUES (4, '{n}');
--! CHECK constraint failed: json_valid(body)

UPDATE docs SET body = 'no' WHERE id = 3;
--! CHECK constraint failed: json_valid(body)

SELECT id, body FROM docs ORDER BY id;
--> id | body
--> 1 | {"a": 1}
--> 2 | NULL
--> 3 | []

CREATE TABLE facts (body TEXT CHECK (json_valid(body) = 1), n INTEGER CHECK (n), m INTEGER CHECK (m % 2), l TEXT CHECK (length(l)), e TEXT CHECK (l IS NOT e), o INTEGER CHECK (n IS o OR o IS NULL));

INSERT INTO facts VALUES ('[]', 1, 1, 'x', NULL, 1);

INSERT INTO facts (n) VALUES (0);
--! CHECK constraint failed: n

INSERT INTO facts (m) VALUES (4);
--! CHECK constraint failed: m % 2

INSERT INTO facts (l) VALUES ('');
--! CHECK constraint failed: length(l)

INSERT INTO facts (l, e) VALUES ('a', 'a');
--! CHECK constraint failed: l IS NOT e

INSERT INTO facts (e) VALUES (NULL);
--! CHECK constraint failed: l IS NOT e

INSERT INTO facts (l, e, n, o) VALUES ('a', 'b', 1, 2);
--! CHECK constraint failed: n IS o OR o IS NULL

SELECT count(*) AS n FROM facts;
--> n
--> 1

CREATE TABLE mixed (z TEXT CHECK (NOT json_valid(z) OR z IS NULL), y TEXT CHECK (y LIKE 'a%' AND y || 'c' <> 'abc'));

INSERT INTO mixed VALUES ('q', 'Abcd');

INSERT INTO mixed VALUES ('1', 'a');
--! CHECK constraint failed: NOT json_valid(z) OR z IS NULL

INSERT INTO mixed VALUES (NULL, 'ab');
--! CHECK constraint failed: y LIKE 'a%' AND y || 'c' <> 'abc'

SELECT * FROM mixed;
--> z | y
--> q | Abcd

CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT CHECK (email LIKE '%_@_%'), code TEXT CHECK (code GLOB '[A-Z]*' AND NOT code LIKE 'X%'), kind TEXT CHECK (kind IN ('a', 'b')), size INTEGER CHECK ((size LIKE '1%') = 1 OR size > 100));

INSERT INTO users VALUES (1, 'ann@x.ch', 'Abc', 'a', 12);

INSERT INTO users (email) VALUES ('ann');
--! CHECK constraint failed: email LIKE '%_@_%'

INSERT INTO users (code) VALUES ('abc');
--! CHECK constraint failed: code GLOB '[A-Z]*' AND NOT code LIKE 'X%'

INSERT INTO users (code) VALUES ('Xbc');
--! CHECK constraint failed: code GLOB '[A-Z]*' AND NOT code LIKE 'X%'

INSERT INTO users (size) VALUES (22);
--! CHECK constraint failed: (size LIKE '1%') = 1 OR size > 100

CREATE UNIQUE INDEX users_ann ON users (kind) WHERE email LIKE 'ann%';

INSERT INTO users VALUES (2, 'ANN@y.ch', 'D', 'a', 101);
--! UNIQUE constraint failed: users.kind

INSERT INTO users VALUES (3, 'bob@y.ch', 'D', 'a', 101);

SELECT id FROM users WHERE email LIKE 'ann%' AND kind = 'a' ORDER BY id;
--> id
--> 1
