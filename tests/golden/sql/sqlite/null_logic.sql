-- Three-valued logic
-- oracle: sqlite
-- chapter: expressions

SELECT 1 WHERE NULL;
--> 1

SELECT 1 AS r WHERE NULL IS NULL;
--> r
--> 1

SELECT 1 AS r WHERE NOT (NULL = NULL);
--> r

SELECT 1 AS r WHERE (NULL AND 1 = 2) IS NOT NULL;
--> r
--> 1

SELECT 1 AS r WHERE (NULL OR 1 = 1);
--> r
--> 1

SELECT 1 AS r WHERE NULL IN (1, 2);
--> r

SELECT 1 AS r WHERE 1 IN (1, NULL);
--> r
--> 1

SELECT 1 AS r WHERE (3 IN (1, NULL)) IS NULL;
--> r
--> 1

SELECT 1 AS r WHERE NULL IS NOT DISTINCT FROM NULL;
--> r
--> 1

SELECT 1 AS r WHERE 1 IS DISTINCT FROM NULL;
--> r
--> 1
