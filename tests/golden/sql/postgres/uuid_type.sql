-- UUIDs
-- oracle: postgres
-- chapter: types

SELECT 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid AS upper, '{a0eebc999c0b4ef8bb6d6bb9bd380a11}'::uuid AS braces;
--> upper | braces
--> a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11

SELECT 'a0eebc99'::uuid;
--! 22P02: invalid input syntax for type uuid: "a0eebc99"

SELECT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g'::uuid;
--! 22P02: invalid input syntax for type uuid: "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g"

SELECT '00000000-0000-0000-0000-000000000001'::uuid < '00000000-0000-0000-0000-000000000002'::uuid AS ordered;
--> ordered
--> t

SELECT pg_typeof(gen_random_uuid()), gen_random_uuid() = gen_random_uuid() AS same, length(gen_random_uuid()::text) AS n, substring(gen_random_uuid()::text FROM 15 FOR 1) AS version;
--> pg_typeof | same | n | version
--> uuid | f | 36 | 4

CREATE TABLE sessions (id UUID PRIMARY KEY DEFAULT gen_random_uuid(), name TEXT);

INSERT INTO sessions VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'a');

INSERT INTO sessions (name) VALUES ('b');

INSERT INTO sessions VALUES ('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'again');
--! 23505: duplicate key value violates unique constraint "sessions_pkey"

SELECT name FROM sessions WHERE id = 'a0eebc999c0b4ef8bb6d6bb9bd380a11';
--> name
--> a

SELECT count(*), count(DISTINCT id) FROM sessions;
--> count | count
--> 2 | 2

SELECT min(id) FROM sessions;
--! 42883: function min(uuid) does not exist
