-- A recursive expression may have a limit and an order of its own
-- oracle: sqlite
-- chapter: queries

WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 3) SELECT n FROM c;
--> n
--> 1
--> 2
--> 3

WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 3 OFFSET 2) SELECT n FROM c;
--> n
--> 3
--> 4
--> 5

CREATE TABLE org (name TEXT PRIMARY KEY, boss TEXT);

INSERT INTO org VALUES ('Alice', NULL), ('Bob', 'Alice'), ('Cindy', 'Alice'), ('Dave', 'Bob'), ('Emma', 'Bob'), ('Fred', 'Cindy'), ('Gail', 'Cindy');

WITH RECURSIVE under(name, level) AS (VALUES ('Alice', 0) UNION ALL SELECT org.name, under.level + 1 FROM org JOIN under ON org.boss = under.name ORDER BY 2, 1) SELECT substr('..........', 1, level * 3) || name AS tree FROM under;
--> tree
--> Alice
--> ...Bob
--> ...Cindy
--> ......Dave
--> ......Emma
--> ......Fred
--> ......Gail

WITH RECURSIVE under(name, level) AS (VALUES ('Alice', 0) UNION ALL SELECT org.name, under.level + 1 FROM org JOIN under ON org.boss = under.name ORDER BY 2 DESC, 1) SELECT substr('..........', 1, level * 3) || name AS tree FROM under;
--> tree
--> Alice
--> ...Bob
--> ......Dave
--> ......Emma
--> ...Cindy
--> ......Fred
--> ......Gail
