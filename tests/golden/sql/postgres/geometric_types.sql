-- Points, boxes and circles
-- oracle: postgres
-- chapter: types

SELECT point(1, 2) AS p, '(3,4)'::point AS q, box(point(0, 0), point(1, 1)) AS b;
--> p | q | b
--> (1,2) | (3,4) | (1,1),(0,0)
--~! 42883: function point(integer, integer) does not exist

SELECT point(0, 0) <-> point(3, 4) AS distance;
--> distance
--> 5
--~! 42883: function point(integer, integer) does not exist

SELECT box '((0,0),(2,2))' @> point(1, 1) AS holds, circle(point(0, 0), 2) AS c;
--> holds | c
--> t | <(0,0),2>
--~! 0A000: type "box" is not supported

SELECT area(box '((0,0),(2,3))') AS a, (point(5, 6))[0] AS x;
--> a | x
--> 6 | 5
--~! 0A000: type "box" is not supported
