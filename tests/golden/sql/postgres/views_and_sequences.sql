-- A view's columns have no sequences; CACHE is told
-- oracle: postgres
-- chapter: definitions

CREATE TABLE t (id INTEGER GENERATED ALWAYS AS IDENTITY (START 2 INCREMENT 3 CACHE 4), a INTEGER);

CREATE VIEW v AS SELECT id, a FROM t;

SELECT pg_get_serial_sequence('t', 'id') LIKE '%.t_id_seq' AS own, pg_get_serial_sequence('v', 'id');
--> own | pg_get_serial_sequence
--> t | NULL

SELECT pg_get_serial_sequence('nothing', 'id');
--! 42P01: relation "nothing" does not exist

SELECT seqstart, seqincrement, seqcache FROM pg_sequence WHERE seqrelid = 't_id_seq'::regclass;
--> seqstart | seqincrement | seqcache
--> 2 | 3 | 4
