-- ON CONFLICT finds indexes: several columns, expressions, partial ones
-- oracle: postgres
-- chapter: changes

CREATE TABLE t (a INTEGER, b INTEGER, name TEXT, active BOOLEAN, v INTEGER DEFAULT 0);

CREATE UNIQUE INDEX t_ab ON t (a, b);

INSERT INTO t VALUES (1, 1, 'x', true) ON CONFLICT (b, a) DO NOTHING;

INSERT INTO t VALUES (1, 1, 'y', true) ON CONFLICT (b, a) DO UPDATE SET name = excluded.name RETURNING name;
--> name
--> y

INSERT INTO t VALUES (1, 1, 'y', true) ON CONFLICT (a) DO NOTHING;
--! 42P10: there is no unique or exclusion constraint matching the ON CONFLICT specification

INSERT INTO t VALUES (1, NULL, 'n', true), (1, NULL, 'n', true) ON CONFLICT (a, b) DO NOTHING;

SELECT count(*) FROM t WHERE b IS NULL;
--> count
--> 2

CREATE UNIQUE INDEX t_active ON t (name) WHERE active AND b IS NOT NULL;

INSERT INTO t VALUES (2, 2, 'y', true) ON CONFLICT (name) DO NOTHING;
--! 42P10: there is no unique or exclusion constraint matching the ON CONFLICT specification

INSERT INTO t VALUES (2, 2, 'y', true) ON CONFLICT (name) WHERE active AND b IS NOT NULL DO UPDATE SET v = t.v + 1 RETURNING v;
--> v
--> 1

INSERT INTO t VALUES (2, 2, 'y', false) ON CONFLICT (name) WHERE active AND b IS NOT NULL DO NOTHING RETURNING a;
--> a
--> 2

CREATE TABLE u (name TEXT);

CREATE UNIQUE INDEX u_lower ON u (lower(name));

INSERT INTO u VALUES ('Ann');

INSERT INTO u VALUES ('ANN') ON CONFLICT (lower(name)) DO UPDATE SET name = excluded.name RETURNING name;
--> name
--> ANN

INSERT INTO u VALUES ('ann') ON CONFLICT (name) DO NOTHING;
--! 42P10: there is no unique or exclusion constraint matching the ON CONFLICT specification

INSERT INTO u VALUES ('ann') ON CONFLICT DO NOTHING RETURNING name;
--> name
