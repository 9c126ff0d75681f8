-- IDENTITY and serial columns
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, x TEXT);

INSERT INTO t (x) VALUES ('a'), ('b') RETURNING id;
--> id
--> 1
--> 2

INSERT INTO t VALUES (9, 'c');
--! 428C9: cannot insert a non-DEFAULT value into column "id"

INSERT INTO t OVERRIDING SYSTEM VALUE VALUES (9, 'c');

SELECT id, x FROM t ORDER BY id;
--> id | x
--> 1 | a
--> 2 | b
--> 9 | c

CREATE TABLE u (id SERIAL PRIMARY KEY, x TEXT);

INSERT INTO u (x) VALUES ('a') RETURNING id;
--> id
--> 1

INSERT INTO u VALUES (DEFAULT, 'b') RETURNING id;
--> id
--> 2
