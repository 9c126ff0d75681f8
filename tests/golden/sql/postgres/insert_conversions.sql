-- What an INSERT converts, rounds and refuses
-- oracle: postgres
-- chapter: changes

CREATE TABLE t (i INTEGER, s SMALLINT, n NUMERIC(5,2), v VARCHAR(3), d DATE, b BOOLEAN, j JSONB, a INTEGER[]);

INSERT INTO t (i) VALUES (1.5), (2.5), ('7');

INSERT INTO t (i) VALUES ('7.5');
--! 22P02: invalid input syntax for type integer: "7.5"

INSERT INTO t (s) VALUES (40000);
--! 22003: smallint out of range

INSERT INTO t (n) VALUES (1.005), ('2.999'), (3);

INSERT INTO t (n) VALUES (1000);
--! 22003: numeric field overflow

INSERT INTO t (v) VALUES ('abc  '), (123);

INSERT INTO t (v) VALUES ('abcd');
--! 22001: value too long for type character varying(3)

INSERT INTO t (d) VALUES ('2024-01-02'), (timestamp '2024-01-02 23:00');

INSERT INTO t (d) VALUES (20240102);
--! 42804: column "d" is of type date but expression is of type integer

INSERT INTO t (b) VALUES ('yes'), (false);

INSERT INTO t (b) VALUES (1);
--! 42804: column "b" is of type boolean but expression is of type integer

INSERT INTO t (j) VALUES ('{"a": 1}');

INSERT INTO t (j) VALUES ('{a}');
--! 22P02: invalid input syntax for type json

INSERT INTO t (a) VALUES ('{1,2}'), (ARRAY[3]);

INSERT INTO t (a) VALUES (ARRAY['x']);
--! 42804: column "a" is of type integer[] but expression is of type text[]

INSERT INTO t (i) VALUES (true);
--! 42804: column "i" is of type integer but expression is of type boolean

INSERT INTO t (v) SELECT 'toolong';
--! 22001: value too long for type character varying(3)

SELECT * FROM t ORDER BY i, s, n, v, d, b, j, a;
--> i | s | n | v | d | b | j | a
--> 2 | NULL | NULL | NULL | NULL | NULL | NULL | NULL
--> 3 | NULL | NULL | NULL | NULL | NULL | NULL | NULL
--> 7 | NULL | NULL | NULL | NULL | NULL | NULL | NULL
--> NULL | NULL | 1.01 | NULL | NULL | NULL | NULL | NULL
--> NULL | NULL | 3.00 | NULL | NULL | NULL | NULL | NULL
--> NULL | NULL | 3.00 | NULL | NULL | NULL | NULL | NULL
--> NULL | NULL | NULL | 123 | NULL | NULL | NULL | NULL
--> NULL | NULL | NULL | abc | NULL | NULL | NULL | NULL
--> NULL | NULL | NULL | NULL | 2024-01-02 | NULL | NULL | NULL
--> NULL | NULL | NULL | NULL | 2024-01-02 | NULL | NULL | NULL
--> NULL | NULL | NULL | NULL | NULL | f | NULL | NULL
--> NULL | NULL | NULL | NULL | NULL | t | NULL | NULL
--> NULL | NULL | NULL | NULL | NULL | NULL | {"a": 1} | NULL
--> NULL | NULL | NULL | NULL | NULL | NULL | NULL | {1,2}
--> NULL | NULL | NULL | NULL | NULL | NULL | NULL | {3}
