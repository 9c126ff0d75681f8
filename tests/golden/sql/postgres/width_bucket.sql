-- width_bucket puts numbers into buckets
-- oracle: postgres
-- chapter: functions

SELECT width_bucket(5.35, 0.024, 10.06, 5) AS b, width_bucket(0, 1, 10, 3) AS below, width_bucket(10, 1, 10, 3) AS above, width_bucket(1, 1, 10, 3) AS first;
--> b | below | above | first
--> 3 | 0 | 4 | 1

SELECT width_bucket(5, 10, 1, 3) AS downwards;
--> downwards
--> 2

SELECT width_bucket(5, ARRAY[1, 3, 5, 10]) AS thresholds, width_bucket(0, ARRAY[1, 3]) AS before;
--> thresholds | before
--> 3 | 0

SELECT width_bucket(5, 1, 1, 3);
--! 2201G: lower bound cannot equal upper bound

SELECT width_bucket(5, 1, 10, 0);
--! 2201G: count must be greater than zero

SELECT width_bucket('NaN'::float8, 1, 10, 3);
--! 2201G: operand, lower bound, and upper bound cannot be NaN

SELECT width_bucket(price, 0, 100, 4) AS bucket, count(*) FROM (VALUES (5), (26), (30), (99), (100)) AS t(price) GROUP BY 1 ORDER BY 1;
--> bucket | count
--> 1 | 1
--> 2 | 2
--> 4 | 1
--> 5 | 1
