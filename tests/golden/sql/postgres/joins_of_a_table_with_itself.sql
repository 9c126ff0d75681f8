-- A table joined with itself: superiors, pairs, neighbours
-- oracle: postgres
-- chapter: queries

CREATE TABLE staff (id INTEGER PRIMARY KEY, name TEXT, boss INTEGER, pay INTEGER);

INSERT INTO staff VALUES (1, 'ada', NULL, 900), (2, 'bob', 1, 700), (3, 'cyd', 1, 950), (4, 'dan', 2, 400), (5, 'eli', 2, 700);

SELECT s.name, b.name AS boss FROM staff s LEFT JOIN staff b ON s.boss = b.id ORDER BY s.id;
--> name | boss
--> ada | NULL
--> bob | ada
--> cyd | ada
--> dan | bob
--> eli | bob

SELECT s.name, b.name AS boss, g.name AS boss_of_boss FROM staff s JOIN staff b ON b.id = s.boss LEFT JOIN staff g ON g.id = b.boss ORDER BY s.id;
--> name | boss | boss_of_boss
--> bob | ada | NULL
--> cyd | ada | NULL
--> dan | bob | ada
--> eli | bob | ada

SELECT s.name FROM staff s JOIN staff b ON s.boss = b.id WHERE s.pay > b.pay;
--> name
--> cyd

SELECT a.name, b.name AS peer FROM staff a JOIN staff b ON a.boss = b.boss AND a.id < b.id ORDER BY 1, 2;
--> name | peer
--> bob | cyd
--> dan | eli

SELECT a.name, b.name AS same_pay FROM staff a JOIN staff b ON a.pay = b.pay AND a.id <> b.id ORDER BY 1;
--> name | same_pay
--> bob | eli
--> eli | bob

SELECT b.name, count(s.id) AS reports, sum(s.pay) AS pay FROM staff b LEFT JOIN staff s ON s.boss = b.id GROUP BY b.id ORDER BY b.id;
--> name | reports | pay
--> ada | 2 | 1650
--> bob | 2 | 1100
--> cyd | 0 | NULL
--> dan | 0 | NULL
--> eli | 0 | NULL

SELECT a.name, 1 + count(b.id) AS place FROM staff a LEFT JOIN staff b ON b.pay > a.pay GROUP BY a.id ORDER BY place, a.name;
--> name | place
--> cyd | 1
--> ada | 2
--> bob | 3
--> eli | 3
--> dan | 5

SELECT a.id, min(b.id) AS next FROM staff a LEFT JOIN staff b ON b.id > a.id GROUP BY a.id ORDER BY 1;
--> id | next
--> 1 | 2
--> 2 | 3
--> 3 | 4
--> 4 | 5
--> 5 | NULL

SELECT s.name FROM staff s LEFT JOIN staff r ON r.boss = s.id WHERE r.id IS NULL ORDER BY 1;
--> name
--> cyd
--> dan
--> eli

SELECT name FROM staff JOIN staff s ON s.id = staff.boss;
--! 42702: column reference "name" is ambiguous

SELECT staff.name FROM staff JOIN staff ON true;
--! 42712: table name "staff" specified more than once

SELECT staff.name FROM staff JOIN staff s ON s.id = staff.boss AND s.name = 'bob' ORDER BY 1;
--> name
--> dan
--> eli
