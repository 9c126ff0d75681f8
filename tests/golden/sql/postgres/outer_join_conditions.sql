-- ON decides what is joined, WHERE what remains
-- oracle: postgres
-- chapter: queries

CREATE TABLE accounts (id INTEGER, name TEXT);

CREATE TABLE orders (account INTEGER, amount INTEGER);

INSERT INTO accounts VALUES (1, 'ada'), (2, 'bob'), (3, 'cyd');

INSERT INTO orders VALUES (1, 5), (1, 50), (2, 7), (9, 1), (NULL, 2);

SELECT name, amount FROM accounts LEFT JOIN orders ON id = account AND amount > 10 ORDER BY name, amount;
--> name | amount
--> ada | 50
--> bob | NULL
--> cyd | NULL

SELECT name, amount FROM accounts LEFT JOIN orders ON id = account WHERE amount > 10 ORDER BY name;
--> name | amount
--> ada | 50

SELECT name, amount FROM accounts LEFT JOIN orders ON id = account AND name = 'bob' ORDER BY name;
--> name | amount
--> ada | NULL
--> bob | 7
--> cyd | NULL

SELECT name, amount FROM accounts LEFT JOIN orders ON false ORDER BY name;
--> name | amount
--> ada | NULL
--> bob | NULL
--> cyd | NULL

SELECT name, amount FROM accounts RIGHT OUTER JOIN orders ON id = account ORDER BY amount;
--> name | amount
--> NULL | 1
--> NULL | 2
--> ada | 5
--> bob | 7
--> ada | 50

SELECT name, amount FROM accounts FULL OUTER JOIN orders ON id = account ORDER BY name NULLS LAST, amount;
--> name | amount
--> ada | 5
--> ada | 50
--> bob | 7
--> cyd | NULL
--> NULL | 1
--> NULL | 2

SELECT name, amount FROM accounts FULL JOIN orders ON id = account AND amount > 10 ORDER BY name NULLS LAST, amount;
--> name | amount
--> ada | 50
--> bob | NULL
--> cyd | NULL
--> NULL | 1
--> NULL | 2
--> NULL | 5
--> NULL | 7

SELECT name FROM accounts LEFT JOIN orders ON id = account WHERE account IS NULL ORDER BY name;
--> name
--> cyd

SELECT a.name, o.amount, b.name FROM accounts a LEFT JOIN orders o ON a.id = o.account LEFT JOIN accounts b ON b.id = o.amount ORDER BY 1, 2;
--> name | amount | name
--> ada | 5 | NULL
--> ada | 50 | NULL
--> bob | 7 | NULL
--> cyd | NULL | NULL

SELECT a.id, o.account FROM accounts a FULL JOIN orders o ON a.id < o.account AND a.id > 100 ORDER BY 1, 2;
--! 0A000: FULL JOIN is only supported with merge-joinable or hash-joinable join conditions
--~> id | account
--~> 1 | NULL
--~> 2 | NULL
--~> 3 | NULL
--~> NULL | 1
--~> NULL | 1
--~> NULL | 2
--~> NULL | 9
--~> NULL | NULL
