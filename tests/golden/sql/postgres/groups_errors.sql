-- What GROUP BY refuses
-- oracle: postgres
-- chapter: queries

CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER);

SELECT a, b FROM t GROUP BY a;
--! 42803: column "t.b" must appear in the GROUP BY clause or be used in an aggregate function

SELECT id, a, b FROM t GROUP BY id;
--> id | a | b

SELECT a FROM t WHERE count(*) > 1;
--! 42803: aggregate functions are not allowed in WHERE

SELECT sum(sum(a)) FROM t;
--! 42803: aggregate function calls cannot be nested

SELECT a FROM t HAVING a > 1;
--! 42803: column "t.a" must appear in the GROUP BY clause or be used in an aggregate function

SELECT row_number() OVER (ORDER BY a) FROM t WHERE row_number() OVER (ORDER BY a) = 1;
--! 42P20: window functions are not allowed in WHERE
