-- Orders and limits of a set operation and of its parts
-- oracle: postgres
-- chapter: queries

CREATE TABLE bids (price INTEGER);

CREATE TABLE asks (price INTEGER);

INSERT INTO bids VALUES (99), (98), (97), (96);

INSERT INTO asks VALUES (101), (102), (103);

(SELECT 'bid' AS side, price FROM bids ORDER BY price DESC LIMIT 2) UNION ALL (SELECT 'ask', price FROM asks ORDER BY price LIMIT 2) ORDER BY price DESC;
--> side | price
--> ask | 102
--> ask | 101
--> bid | 99
--> bid | 98

SELECT price FROM bids UNION ALL SELECT price FROM asks ORDER BY price LIMIT 3 OFFSET 2;
--> price
--> 98
--> 99
--> 101

SELECT price FROM bids ORDER BY price LIMIT 1 UNION ALL SELECT price FROM asks;
--! 42601: syntax error at or near "UNION"

SELECT price FROM bids UNION ALL (SELECT price FROM asks ORDER BY price DESC LIMIT 1) ORDER BY 1 DESC LIMIT 2;
--> price
--> 103
--> 99

SELECT price FROM bids UNION SELECT price FROM asks ORDER BY price + 1;
--! 0A000: invalid UNION/INTERSECT/EXCEPT ORDER BY clause

SELECT * FROM (SELECT price FROM bids UNION SELECT price FROM asks) AS prices ORDER BY abs(price - 100), price;
--> price
--> 99
--> 101
--> 98
--> 102
--> 97
--> 103
--> 96

SELECT price AS p FROM bids UNION ALL SELECT price AS q FROM asks ORDER BY q;
--! 42703: column "q" does not exist

SELECT price AS p FROM bids UNION ALL SELECT price AS q FROM asks ORDER BY p DESC FETCH FIRST 2 ROWS ONLY;
--> p
--> 103
--> 102

((SELECT price FROM bids)) EXCEPT ((SELECT 98 UNION SELECT 97)) ORDER BY 1;
--> price
--> 96
--> 99

SELECT max(price) FROM (TABLE bids UNION TABLE asks) AS b;
--> max
--> 103

(SELECT price FROM bids WHERE price = 99 FOR UPDATE) UNION ALL SELECT price FROM asks WHERE price = 101;
--! 0A000: FOR UPDATE is not allowed with UNION/INTERSECT/EXCEPT

SELECT 1 AS x WHERE false UNION ALL SELECT 2 ORDER BY x;
--> x
--> 2

SELECT price FROM bids WHERE price IN (SELECT 99 UNION SELECT 96) ORDER BY 1;
--> price
--> 96
--> 99

VALUES (3), (1) UNION ALL VALUES (2) ORDER BY 1;
--> column1
--> 1
--> 2
--> 3

SELECT price, count(*) FROM (SELECT price FROM bids UNION ALL SELECT price FROM bids WHERE price > 97) AS t GROUP BY price ORDER BY price;
--> price | count
--> 96 | 1
--> 97 | 1
--> 98 | 2
--> 99 | 2
