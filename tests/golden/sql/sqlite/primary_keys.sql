-- PRIMARY KEY: NULLs, several columns, INTEGER and INT
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE t (k TEXT PRIMARY KEY, v);

INSERT INTO t VALUES (NULL, 1), (NULL, 2);
--~! NOT NULL constraint failed: t.k

SELECT count(*) FROM t WHERE k IS NULL;
--> count(*)
--> 2
--~> count(*)
--~> 0

INSERT INTO t VALUES ('a', 3);

INSERT INTO t VALUES ('a', 4);
--! UNIQUE constraint failed: t.k

CREATE TABLE i (id INT PRIMARY KEY, v);

INSERT INTO i (v) VALUES ('no id');
--~! NOT NULL constraint failed: i.id

SELECT id IS NULL FROM i;
--> id IS NULL
--> 1
--~> id IS NULL

CREATE TABLE r (id INTEGER PRIMARY KEY, v);

INSERT INTO r VALUES (NULL, 'an id is made');

SELECT id IS NOT NULL FROM r;
--> id IS NOT NULL
--> 1

CREATE TABLE two (a INTEGER, b INTEGER, PRIMARY KEY (a, b));

INSERT INTO two VALUES (1, 1), (1, 2);

INSERT INTO two VALUES (1, 2);
--! UNIQUE constraint failed: two.a, two.b

INSERT INTO two VALUES (1, NULL), (1, NULL);
--~! NOT NULL constraint failed: two.b

SELECT count(*) FROM two;
--> count(*)
--> 4
--~> count(*)
--~> 2

INSERT INTO r VALUES (9, 'x');

INSERT INTO r VALUES ('9', 'y');
--! UNIQUE constraint failed: r.id

INSERT INTO r VALUES (9.0, 'y');
--! UNIQUE constraint failed: r.id
