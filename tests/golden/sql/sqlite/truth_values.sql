-- What is true
-- oracle: sqlite
-- chapter: expressions

SELECT 1 WHERE 1;
--> 1
--> 1

SELECT 1 WHERE 0;
--> 1

SELECT 1 WHERE NULL;
--> 1

SELECT 1 WHERE 'abc';
--> 1

SELECT 1 WHERE '1abc';
--> 1
--> 1

SELECT 1 WHERE 0.5;
--> 1
--> 1

SELECT 1 WHERE x'31';
--> 1
--> 1

SELECT 'x' IS TRUE, 2 IS TRUE, 0 IS FALSE, NULL IS TRUE, NULL IS NOT TRUE, 0.0 IS FALSE;
--> 'x' IS TRUE | 2 IS TRUE | 0 IS FALSE | NULL IS TRUE | NULL IS NOT TRUE | 0.0 IS FALSE
--> 0 | 1 | 1 | 0 | 1 | 1

SELECT NULL AND 0, NULL AND 1, NULL OR 1, NULL OR 0, NOT NULL;
--> NULL AND 0 | NULL AND 1 | NULL OR 1 | NULL OR 0 | NOT NULL
--> 0 | NULL | 1 | NULL | NULL

SELECT CASE WHEN 'a' THEN 1 ELSE 2 END, CASE WHEN '2' THEN 1 ELSE 2 END, iif(0, 'a', 'b'), iif('', 'a', 'b');
--> CASE WHEN 'a' THEN 1 ELSE 2 END | CASE WHEN '2' THEN 1 ELSE 2 END | iif(0, 'a', 'b') | iif('', 'a', 'b')
--> 2 | 1 | b | b

SELECT 5 = TRUE, 1 = TRUE, 0 = FALSE;
--> 5 = TRUE | 1 = TRUE | 0 = FALSE
--> 0 | 1 | 1
