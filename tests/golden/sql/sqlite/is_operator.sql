-- IS compares anything, NULL too
-- oracle: sqlite
-- chapter: expressions

SELECT 1 IS 1 AS a, NULL IS NULL AS b, 1 IS NULL AS c, 1 IS NOT 2 AS d, NULL IS NOT 1 AS e;
--> a | b | c | d | e
--> 1 | 1 | 0 | 1 | 1

SELECT 5 IS TRUE AS f, 0 IS FALSE AS g, NULL IS NOT TRUE AS h;
--> f | g | h
--> 1 | 1 | 1

SELECT 1 IN () AS none, 1 NOT IN () AS every;
--> none | every
--> 0 | 1

SELECT 1 == 1 AS two_signs, 1 <> 2 AS a, 1 != 2 AS b;
--> two_signs | a | b
--> 1 | 1 | 1
