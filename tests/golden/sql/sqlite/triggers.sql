-- Triggers
-- oracle: sqlite
-- chapter: definitions

CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER);

CREATE TABLE log (what TEXT, id INTEGER, old INTEGER, new INTEGER);

CREATE TRIGGER t_insert AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('insert', new.id, NULL, new.n); END;
--~! triggers are not supported

INSERT INTO t VALUES (1, 10), (2, 20);

SELECT * FROM log ORDER BY id;
--> what | id | old | new
--> insert | 1 | NULL | 10
--> insert | 2 | NULL | 20
--~> what | id | old | new
