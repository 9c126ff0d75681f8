-- Equal keys on both sides multiply, and sums with them
-- oracle: postgres
-- chapter: queries

CREATE TABLE fills (order_id INTEGER, quantity INTEGER);

CREATE TABLE fees (order_id INTEGER, fee NUMERIC);

INSERT INTO fills VALUES (1, 100), (1, 50), (2, 10), (3, 7);

INSERT INTO fees VALUES (1, 0.5), (1, 0.25), (1, 0.5), (3, 1), (4, 9);

SELECT f.order_id, count(*) AS pairs FROM fills f JOIN fees e USING (order_id) GROUP BY 1 ORDER BY 1;
--> order_id | pairs
--> 1 | 6
--> 3 | 1

SELECT order_id, quantity, fee FROM fills JOIN fees USING (order_id) ORDER BY 1, 2, 3;
--> order_id | quantity | fee
--> 1 | 50 | 0.25
--> 1 | 50 | 0.5
--> 1 | 50 | 0.5
--> 1 | 100 | 0.25
--> 1 | 100 | 0.5
--> 1 | 100 | 0.5
--> 3 | 7 | 1

SELECT sum(quantity) AS too_much FROM fills JOIN fees USING (order_id);
--> too_much
--> 457

SELECT q.order_id, q.quantity, e.fee
FROM (SELECT order_id, sum(quantity) AS quantity FROM fills GROUP BY order_id) q
LEFT JOIN (SELECT order_id, sum(fee) AS fee FROM fees GROUP BY order_id) e USING (order_id) ORDER BY 1;
--> order_id | quantity | fee
--> 1 | 150 | 1.25
--> 2 | 10 | NULL
--> 3 | 7 | 1

SELECT order_id, (SELECT sum(fee) FROM fees e WHERE e.order_id = f.order_id) AS fee, sum(quantity) FROM fills f GROUP BY order_id ORDER BY 1;
--> order_id | fee | sum
--> 1 | 1.25 | 150
--> 2 | NULL | 10
--> 3 | 1 | 7

SELECT DISTINCT f.* FROM fills f JOIN fees e USING (order_id) ORDER BY 1, 2;
--> order_id | quantity
--> 1 | 50
--> 1 | 100
--> 3 | 7

SELECT f.* FROM fills f WHERE order_id IN (SELECT order_id FROM fees) ORDER BY 1, 2;
--> order_id | quantity
--> 1 | 50
--> 1 | 100
--> 3 | 7

SELECT f.* FROM fills f WHERE EXISTS (SELECT FROM fees e WHERE e.order_id = f.order_id) ORDER BY 1, 2;
--> order_id | quantity
--> 1 | 50
--> 1 | 100
--> 3 | 7

SELECT order_id, quantity, fee FROM fills FULL JOIN fees USING (order_id) WHERE order_id > 1 ORDER BY 1, 2, 3;
--> order_id | quantity | fee
--> 2 | 10 | NULL
--> 3 | 7 | 1
--> 4 | NULL | 9

SELECT count(*) FROM fills a JOIN fills b USING (order_id) JOIN fills c USING (order_id);
--> count
--> 10
