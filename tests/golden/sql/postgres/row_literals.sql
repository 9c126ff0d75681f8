-- Literals without a type in rows that are compared
-- oracle: postgres
-- chapter: expressions

CREATE TABLE t (id integer PRIMARY KEY, d date, ts timestamptz, n numeric(6,2), b text);

INSERT INTO t VALUES (1, '2024-01-01', '2024-01-01', 1, 'x'), (2, '2024-01-02', '2024-01-02', 2, 'y');

SELECT id FROM t WHERE (d, id) > ('2024-01-01', 0) ORDER BY id;
--> id
--> 1
--> 2

SELECT id FROM t WHERE (ts, id) > ('2024-01-01', 1) ORDER BY id;
--> id
--> 2

SELECT id FROM t WHERE (d, b) IN (('2024-01-01', 'x'), ('2024-01-02', 'z')) ORDER BY id;
--> id
--> 1

SELECT id FROM t WHERE ROW(d, b) IS DISTINCT FROM ROW('2024-01-01', 'x') ORDER BY id;
--> id
--> 2

SELECT ('2024-01-02', 'a') = (d, b) FROM t ORDER BY id;
--> ?column?
--> f
--> f

SELECT id FROM t WHERE (d, b) = ('2024-01-40', 'x');
--! 22008: date/time field value out of range: "2024-01-40"

PREPARE page AS SELECT id FROM t WHERE (d, id) > ($1, $2) ORDER BY id;

EXECUTE page ('2024-01-01', 1);
--> id
--> 2

SELECT ROW(1, 'a', NULL), (1, 'b');
--> row | row
--> (1,a,) | (1,b)

UPDATE t SET (d, n) = ROW('2024-03-01', '5.5') WHERE id = 1 RETURNING id, d, n;
--> id | d | n
--> 1 | 2024-03-01 | 5.50

SELECT ARRAY[];
--! 42P18: cannot determine type of empty array

SELECT ARRAY[]::integer[];
--> array
--> {}

WITH RECURSIVE x(n, p) AS (SELECT 1, NULL::integer UNION ALL SELECT n + 1, NULL FROM x WHERE n < 3) SELECT * FROM x;
--> n | p
--> 1 | NULL
--> 2 | NULL
--> 3 | NULL

WITH RECURSIVE x(n, p) AS (SELECT 1, 1 UNION ALL SELECT n + 1, '5' FROM x WHERE n < 3) SELECT * FROM x;
--> n | p
--> 1 | 1
--> 2 | 5
--> 3 | 5

WITH RECURSIVE x(n, p) AS (SELECT 1, 'a' UNION ALL SELECT n + 1, 'b' FROM x WHERE n < 3) SELECT * FROM x;
--> n | p
--> 1 | a
--> 2 | b
--> 3 | b

SELECT rank() FROM t;
--! 42809: window function rank requires an OVER clause

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY '1'), percentile_disc(0.5) WITHIN GROUP (ORDER BY 'a'::text);
--> percentile_cont | percentile_disc
--> 1 | a

SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY 'a');
--! 42804: could not determine polymorphic type because input has type unknown

SELECT mode() WITHIN GROUP (ORDER BY 'a');
--! 42804: could not determine polymorphic type because input has type unknown

SELECT true, NOT false, (true);
--> ?column? | ?column? | ?column?
--> t | t | t

SELECT nullif('a'::varchar, 'b'::varchar) || 'x', pg_typeof(nullif('a'::varchar, 'b'::varchar));
--> ?column? | pg_typeof
--> ax | text

SELECT '1'::json UNION SELECT '1'::json;
--! 42883: could not identify an equality operator for type json

SELECT DISTINCT '1'::json;
--! 42883: could not identify an equality operator for type json

SELECT '1'::json UNION ALL SELECT '1'::json;
--> json
--> 1
--> 1

SELECT * FROM (SELECT 1 AS a) AS x NATURAL JOIN (SELECT 'b'::text AS a) AS y;
--! 42804: JOIN/USING types integer and text cannot be matched

SELECT * FROM ROWS FROM (unnest(ARRAY[1, 2], ARRAY['a']), generate_series(5, 7)) AS r(a, b, c);
--> a | b | c
--> 1 | a | 5
--> 2 | NULL | 6
--> NULL | NULL | 7
