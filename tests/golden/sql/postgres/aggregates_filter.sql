-- FILTER beside WHERE and HAVING
-- oracle: postgres
-- chapter: aggregates

CREATE TABLE t (side TEXT, n INTEGER);

INSERT INTO t VALUES ('buy', 1), ('buy', 5), ('sell', 3), (NULL, 7);

SELECT count(*) FILTER (WHERE side = 'buy') AS buys, sum(n) FILTER (WHERE n > 2) AS big, count(*) AS every FROM t;
--> buys | big | every
--> 2 | 15 | 4

SELECT side, array_agg(n ORDER BY n) FILTER (WHERE n <> 5) FROM t GROUP BY side ORDER BY side;
--> side | array_agg
--> buy | {1}
--> sell | {3}
--> NULL | {7}

SELECT side FROM t GROUP BY side HAVING count(*) FILTER (WHERE n > 4) > 0 ORDER BY side;
--> side
--> buy
--> NULL

SELECT sum(n) FILTER (WHERE side) FROM t;
--! 42804: argument of FILTER must be type boolean, not type text

SELECT sum(n) FILTER (WHERE sum(n) > 1) FROM t;
--! 42803: aggregate functions are not allowed in FILTER

SELECT abs(1) FILTER (WHERE true);
--! 42809: FILTER specified, but abs is not an aggregate function

SELECT sum(n) FILTER (WHERE n > 1) OVER (ORDER BY n) AS running FROM t ORDER BY n;
--> running
--> NULL
--> 3
--> 8
--> 15

SELECT row_number() FILTER (WHERE true) OVER () FROM t;
--! 0A000: FILTER is not implemented for non-aggregate window functions

SELECT count(*) FILTER (WHERE NULL) AS none FROM t;
--> none
--> 0
