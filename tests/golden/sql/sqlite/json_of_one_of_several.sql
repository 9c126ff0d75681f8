-- JSON that is one of several values stays JSON
-- oracle: sqlite
-- chapter: functions

CREATE TABLE t (a INTEGER);

INSERT INTO t VALUES (1), (2);

SELECT json_group_array(CASE WHEN a > 1 THEN 'x' ELSE json_array(a, '-1') END ORDER BY a) FROM t;
--> json_group_array(CASE WHEN a > 1 THEN 'x' ELSE json_array(a, '-1') END ORDER BY a)
--> [[1,"-1"],"x"]

SELECT json_array(coalesce(NULL, json_array(1)), ifnull(NULL, json_object('k', 1)), iif(1, json('[2]'), 3));
--> json_array(coalesce(NULL, json_array(1)), ifnull(NULL, json_object('k', 1)), iif(1, json('[2]'), 3))
--> [[1],{"k":1},[2]]

SELECT json_object('k', coalesce('[1]', json_array(1)));
--> json_object('k', coalesce('[1]', json_array(1)))
--> {"k":"[1]"}
