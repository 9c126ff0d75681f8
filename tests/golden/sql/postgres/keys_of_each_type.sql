-- What is one key twice: numerics, floats, texts with spaces, times, intervals, bytes
-- oracle: postgres
-- chapter: constraints

CREATE TABLE n (k NUMERIC PRIMARY KEY);

INSERT INTO n VALUES (1.0), (2);

INSERT INTO n VALUES (1.00);
--! 23505: duplicate key value violates unique constraint "n_pkey"

INSERT INTO n VALUES (1.000) ON CONFLICT DO NOTHING RETURNING k;
--> k

SELECT k FROM n WHERE k = 1 ORDER BY k;
--> k
--> 1.0

CREATE TABLE f (k DOUBLE PRECISION PRIMARY KEY);

INSERT INTO f VALUES (0), ('Infinity'), (0.1), ('NaN');

INSERT INTO f VALUES ('-0');
--! 23505: duplicate key value violates unique constraint "f_pkey"

INSERT INTO f VALUES ('NaN');
--! 23505: duplicate key value violates unique constraint "f_pkey"

SELECT k FROM f WHERE k >= 0.1 ORDER BY k;
--> k
--> 0.1
--> Infinity
--> NaN

CREATE TABLE c (k CHAR(4) PRIMARY KEY);

INSERT INTO c VALUES ('ab'), ('ab c');

INSERT INTO c VALUES ('ab  ');
--! 23505: duplicate key value violates unique constraint "c_pkey"

CREATE TABLE t (k TEXT PRIMARY KEY);

INSERT INTO t VALUES ('a'), ('A'), ('a '), ('');

INSERT INTO t VALUES ('');
--! 23505: duplicate key value violates unique constraint "t_pkey"

SELECT '[' || k || ']' AS k FROM t ORDER BY k;
--> k
--> [A]
--> []
--> [a ]
--> [a]

CREATE TABLE z (k TIMESTAMPTZ PRIMARY KEY);

INSERT INTO z VALUES ('2024-01-01 12:00+00');

INSERT INTO z VALUES ('2024-01-01 13:00+01');
--! 23505: duplicate key value violates unique constraint "z_pkey"

CREATE TABLE i (k INTERVAL PRIMARY KEY);

INSERT INTO i VALUES ('1 day'), ('1 month');

INSERT INTO i VALUES ('24 hours');
--! 23505: duplicate key value violates unique constraint "i_pkey"

INSERT INTO i VALUES ('30 days');
--! 23505: duplicate key value violates unique constraint "i_pkey"

CREATE TABLE b (k BYTEA PRIMARY KEY, o BOOLEAN UNIQUE);

INSERT INTO b VALUES ('\x01', true), ('\x0100', false), ('\x', NULL), ('a', NULL);

INSERT INTO b VALUES ('\x61', NULL);
--! 23505: duplicate key value violates unique constraint "b_pkey"

INSERT INTO b VALUES ('\x02', true);
--! 23505: duplicate key value violates unique constraint "b_o_key"

CREATE TABLE u (k UUID PRIMARY KEY, d DATE UNIQUE, m TIME UNIQUE);

INSERT INTO u VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '2024-01-01', '10:00');

INSERT INTO u VALUES ('{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}', NULL, NULL);
--! 23505: duplicate key value violates unique constraint "u_pkey"

INSERT INTO u VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12', 'Jan 1, 2024', NULL);
--! 23505: duplicate key value violates unique constraint "u_d_key"

INSERT INTO u VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12', NULL, '10:00:00.000');
--! 23505: duplicate key value violates unique constraint "u_m_key"
